package dev.meridian.cart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/// A line is what its edits make in the order of their times, and what Regions know of it joins.
class LineStateTest {
    private static final int MAX = 1000;
    private static final LineState NOTHING = LineState.NOTHING;

    private static int quantity(LineState... states) {
        return List.of(states).stream().reduce(NOTHING, LineState::join).quantity(MAX);
    }

    @Test
    void addsOfTwoRegionsBothCount() {
        var west = NOTHING.add(2, "a", 10);
        var east = NOTHING.add(3, "b", 10);
        assertEquals(5, quantity(west, east));
        assertEquals(5, quantity(east, west, east));
        assertEquals(9, quantity(west.join(east).add(4, "c", 1), east));
    }

    @Test
    void aSetReplacesWhatWasBeforeItAndNotWhatCameAfter() {
        var early = NOTHING.add(2, "a", 10);
        var late = NOTHING.add(3, "b", 30);
        var set = NOTHING.set(7, "s", 20);
        assertEquals(10, quantity(early, late, set));
        assertEquals(3, quantity(early, late, NOTHING.set(0, "r", 20)));
        assertEquals(0, quantity(early, late, NOTHING.set(0, "r", 40)));
    }

    /// The clock of the other Region is five minutes fast.
    @Test
    void anEditIsLaterThanAllThatItsRegionHad() {
        var set = NOTHING.set(7, "s", 300_000_000);
        assertEquals(9, quantity(set.add(2, "a", 10), set));
        assertEquals(4, quantity(set.set(4, "t", 10), set));
        assertEquals(300_000_001, set.set(4, "t", 10).latest());
    }

    @Test
    void aKeyCountsOnceInWhicheverRegions() {
        var west = NOTHING.add(2, "k", 10);
        var east = NOTHING.add(2, "k", 20);
        assertEquals(2, quantity(west, east));
        // The first of them is before the removal, so both are.
        assertEquals(0, quantity(west.set(0, "r", 15), east));
        assertEquals(0, quantity(west, NOTHING.set(0, "r", 15), east));
        assertEquals(2, east.join(west.set(0, "r", 15)).find("k").orElseThrow().amount());
    }

    @Test
    void aPaymentTakesOnceAndNeverMoreThanThereIs() {
        var line = NOTHING.add(2, "a", 10);
        var more = line.add(3, "b", 30);
        assertEquals(3, quantity(line.take(2, "p", 20), line.take(2, "p", 40), more));
        assertEquals(3, quantity(line.take(5, "p", 20), more));
        assertEquals(1, quantity(line.set(1, "s", 15), line.take(5, "p", 12)));
    }

    @Test
    void boundsHoldInTheSum() {
        var west = NOTHING.add(900, "a", 10);
        var east = NOTHING.add(900, "b", 20);
        assertEquals(MAX, quantity(west, east));
        assertEquals(Map.of("a", 900, "b", 100), west.join(east).units(MAX));
        assertEquals(500, quantity(west, east, NOTHING.take(500, "p", 30)));
    }

    @Test
    void thePriceIsThatOfTheLatestEdit() {
        var west = NOTHING.add(1, "a", 10).at(500);
        var east = NOTHING.set(1, "b", 20).at(700);
        assertEquals(700, west.join(east).price().minor());
        assertEquals(
                600, west.join(east).add(1, "c", 5).at(600).join(east).price().minor());
    }

    @Test
    void aMoveInTwoRegionsMovesEachUnitOnce() {
        var source = NOTHING.add(3, "a", 10).add(1, "b", 20).at(500);
        var target = NOTHING.add(2, "c", 15).at(400);
        // East has only the first of the two edits, and none of what the move in West wrote.
        var behind = NOTHING.add(3, "a", 10).at(500);
        var west = LineMove.of(source, target, "s/p", 30, MAX);
        var east = LineMove.of(behind, NOTHING, "s/p", 40, MAX);
        assertEquals(0, west.source().quantity(MAX));
        assertEquals(6, west.target().quantity(MAX));
        assertEquals(400, west.target().price().minor());
        assertEquals(3, east.target().quantity(MAX));
        assertEquals(500, east.target().price().minor());
        assertEquals(0, quantity(source, west.source(), east.source()));
        assertEquals(6, quantity(west.target(), east.target()));
        // The target arrived before the source: there is nothing more to add.
        var again = LineMove.of(source, west.target(), "s/p", 50, MAX);
        assertEquals(6, again.target().quantity(MAX));
        assertEquals(0, again.source().quantity(MAX));
    }

    @Test
    void whatAMoveDidNotSeeStays() {
        var west = LineMove.of(NOTHING.add(3, "a", 10), NOTHING, "s/p", 30, MAX);
        var east = NOTHING.add(2, "b", 20);
        assertEquals(2, quantity(west.source(), east));
        var rest = LineMove.of(west.source().join(east), west.target(), "s/p", 40, MAX);
        assertEquals(5, rest.target().quantity(MAX));
        assertEquals(0, rest.source().quantity(MAX));
    }

    @Test
    void aMoveThatDoesNotFitMovesNothing() {
        var source = NOTHING.add(3, "a", 10);
        var move = LineMove.of(source, NOTHING.set(MAX - 2, "b", 10), "s/p", 30, MAX);
        assertEquals(3, move.source().quantity(MAX));
        assertEquals(MAX - 2, move.target().quantity(MAX));
        assertTrue(!move.fits());
    }

    @Test
    void manyEditsBecomeFew() {
        var line = NOTHING;
        for (int i = 0; i < 500; i++) {
            line = line.add(2, "k" + i, i).trimmed(20, 10_000);
            if (i % 3 == 0) line = line.take(1, "t" + i, i).trimmed(20, 10_000);
        }
        assertEquals(2 * 500 - 167, line.quantity(10_000));
        assertEquals(20, line.edits().size());
        assertEquals(20, line.former().size());
        assertTrue(line.find("k499").isPresent() && line.find("k475").isPresent());
    }

    /// A move names the units that it takes; they may be in the sum by then.
    @Test
    void unitsAreTakenOutOfASum() {
        var line = NOTHING.add(5, "a", 10).add(2, "b", 20);
        var moved = LineMove.of(line, NOTHING, "s/p", 30, MAX);
        assertEquals(0, moved.source().trimmed(2, MAX).quantity(MAX));
        assertEquals(4, moved.source().add(4, "c", 40).trimmed(2, MAX).quantity(MAX));
        assertEquals(4, moved.source().add(4, "c", 40).trimmed(1, MAX).quantity(MAX));
    }

    @Test
    void aLineIsStoredAsText() {
        assertEquals("", LineText.of(NOTHING));
        assertEquals(NOTHING, LineText.parse(""));
        var line = NOTHING.add(2, "a", 10).set(4, "b", 20).at(250).take(1, "c", "b", 30);
        assertEquals("B 20 4 b\nE 30 -1 c b\nF 10 2 a\nP 20 250", LineText.of(line));
        assertEquals(line, LineText.parse(LineText.of(line)));
    }

    @Test
    void textOfANewerVersionIsRefused() {
        for (var text : List.of("three", "X 1 2 a", "E one 2 a", "E 1", "P 1", "B 1 2 a\n\n", "E")) {
            assertThrows(RuntimeException.class, () -> LineText.parse(text), text);
        }
    }

    /// A random state that knows some of the edits of a line.
    private static LineState some(Random random, List<LineState> all) {
        var state = NOTHING;
        for (var one : all) if (random.nextBoolean()) state = state.join(one);
        return state;
    }

    @RepeatedTest(20)
    void statesJoinInAnyOrder() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            var all = new ArrayList<LineState>();
            for (int i = 0; i < 12; i++) {
                var key = "k" + random.nextInt(8);
                int time = random.nextInt(20);
                var from = some(random, all);
                all.add(
                        switch (random.nextInt(5)) {
                            case 0 -> from.set(random.nextInt(9), "s" + i, time).at(i);
                            case 1 -> from.take(1 + random.nextInt(3), "t" + i, time);
                            case 2 -> from.trimmed(2, MAX);
                            default ->
                                from.find(key).isPresent()
                                        ? from
                                        : from.add(1 + random.nextInt(5), key, time)
                                                .at(i);
                        });
            }
            var a = some(random, all);
            var b = some(random, all);
            var c = some(random, all);
            assertEquals(a, a.join(a), () -> "seed " + seed);
            assertEquals(a.join(b), b.join(a), () -> "seed " + seed);
            assertEquals(a.join(b).join(c), a.join(b.join(c)), () -> "seed " + seed);
            assertEquals(a, LineText.parse(LineText.of(a)), () -> "seed " + seed);
            var forth = all.stream().reduce(NOTHING, LineState::join);
            Collections.shuffle(all, random);
            assertEquals(forth, all.stream().reduce(NOTHING, LineState::join), () -> "seed " + seed);
        }
    }
}
