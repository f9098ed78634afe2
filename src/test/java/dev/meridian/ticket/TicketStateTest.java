package dev.meridian.ticket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.shared.Page;
import dev.meridian.ticket.Ticket.Priority;
import dev.meridian.ticket.Ticket.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/// One ticket in two or three Regions whose items arrive late and in any order.
class TicketStateTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final int PAGE = 100;

    /// What a Region has stored.
    private static final class Store {
        StoredTicket item;
        long writtenAt;
        final TreeMap<String, StoredChange> changes = new TreeMap<>();

        TicketState read() {
            var newest = changes.descendingMap().values().stream().limit(PAGE).toList();
            return TicketState.of(
                    item, new Page<>(newest, changes.size() > PAGE ? Optional.of("more") : Optional.empty()));
        }

        /// The later write of an item stands.
        void put(StoredTicket next, long at) {
            if (at <= writtenAt) return;
            item = next;
            writtenAt = at;
        }
    }

    private record Sent(int to, StoredTicket item, StoredChange change, long at) {}

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final List<Store> stores = new ArrayList<>();
    private final List<Sent> sent = new ArrayList<>();
    private final Set<String> acknowledged = new HashSet<>();
    private long clock;
    private int number;

    private static Ticket ticket(String text, long version) {
        return new Ticket("t", text, "", Priority.LOW, Status.OPEN, "ada", BEGIN, version);
    }

    private static StoredTicket created() {
        return new StoredTicket(ticket("the first text", 1), "hash", null, null, 0);
    }

    private void regions(int count) {
        for (int i = 0; i < count; i++) {
            stores.add(new Store());
            stores.getLast().put(created(), ++clock);
        }
    }

    private void send(int from, StoredTicket item, StoredChange change, long at) {
        for (int to = 0; to < stores.size(); to++) {
            if (to != from) sent.add(new Sent(to, item, change, at));
        }
    }

    private void put(int region, StoredTicket item) {
        clock++;
        stores.get(region).put(item, clock);
        send(region, item, null, clock);
    }

    private void put(int region, StoredChange change) {
        stores.get(region).changes.putIfAbsent(change.key(), change);
        send(region, null, change, 0);
    }

    private void keep(int region, TicketState state) {
        if (!state.isKept()) put(region, state.stored().change());
    }

    /// As [TicketEditor] does it.
    ///
    /// @param crash whether the process ends before the change is an item, and before the answer
    private String change(int region, long skewMicros, boolean crash) {
        var before = stores.get(region).read();
        var text = "text number " + number++;
        var now = BEGIN.plusSeconds(clock).plusNanos(skewMicros * 1000);
        var key = StoredChange.key(now, before.changes().getFirst().key(), "r" + region, "id" + number);
        var after = before.changed(ticket(text, 0), key);
        keep(region, before);
        put(region, after);
        if (!crash) {
            put(region, after.change());
            acknowledged.add(text);
        }
        return text;
    }

    private void repair(int region) {
        var state = stores.get(region).read();
        if (!state.isOutdated()) return;
        keep(region, state);
        put(region, state.repaired());
    }

    private void deliver(int count) {
        for (int i = 0; i < count && !sent.isEmpty(); i++) {
            var one = sent.remove(random.nextInt(sent.size()));
            var store = stores.get(one.to);
            if (one.item != null) store.put(one.item, one.at);
            else store.changes.put(one.change.key(), one.change);
        }
    }

    private List<String> history(int region) {
        return stores.get(region).read().changes().stream()
                .map(StoredChange::description)
                .toList();
    }

    @RepeatedTest(300)
    void noAcknowledgedChangeVanishesAndRegionsAgree() {
        regions(2 + random.nextInt(2));
        long skew = random.nextInt(3) * 5_000_000L;
        for (int i = 0; i < 40; i++) {
            int region = random.nextInt(stores.size());
            long version = stores.get(region).read().ticket().version();
            switch (random.nextInt(8)) {
                case 0 -> repair(region);
                case 1 -> {
                    change(region, region * skew, true);
                    // Whoever changes it next finds what the process left undone.
                }
                default -> {
                    var text = change(region, region * skew, false);
                    var state = stores.get(region).read();
                    assertEquals(text, state.ticket().description(), () -> "seed " + seed);
                    assertTrue(state.ticket().version() > version, () -> "seed " + seed);
                }
            }
            deliver(random.nextInt(6));
        }
        deliver(Integer.MAX_VALUE);
        for (int round = 0; round < 2; round++) {
            for (int region = 0; region < stores.size(); region++) repair(region);
            deliver(Integer.MAX_VALUE);
        }
        var first = stores.getFirst().read();
        for (int region = 0; region < stores.size(); region++) {
            var state = stores.get(region).read();
            assertEquals(first.ticket(), state.ticket(), () -> "seed " + seed);
            assertEquals(history(0), history(region), () -> "seed " + seed);
            assertFalse(state.isOutdated(), () -> "seed " + seed);
            assertEquals(state.ticket(), state.stored().ticket(), () -> "seed " + seed);
        }
        assertTrue(history(0).containsAll(acknowledged), () -> "seed " + seed);
        assertTrue(history(0).contains("the first text"), () -> "seed " + seed);
        assertTrue(first.ticket().version() >= 1 + acknowledged.size(), () -> "seed " + seed);
    }

    @Test
    void ofTwoChangesWithinTheLagTheLaterOneDecidesAndBothStand() {
        regions(2);
        var early = change(0, 0, false);
        var late = change(1, 1_000_000, false);
        // The item of the earlier change arrives later.
        stores.get(1).put(stores.get(0).item, clock + 1);
        deliver(Integer.MAX_VALUE);
        for (var store : stores) {
            var state = store.read();
            assertEquals(late, state.ticket().description());
            assertEquals(3, state.ticket().version());
        }
        assertEquals(List.of(late, early, "the first text"), history(0));
        assertEquals(
                List.of(2L, 2L, 1L),
                stores.getFirst().read().changes().stream()
                        .map(StoredChange::version)
                        .toList());
    }

    @Test
    void aVersionThatKeepsNoChangesLosesNone() {
        regions(1);
        var first = change(0, 0, false);
        var store = stores.getFirst();
        // It sets the state and the version, and leaves the other attributes.
        var before = store.item;
        store.put(
                new StoredTicket(
                        ticket("by the old version", 3), "hash", null, before.changeKey(), before.changeVersion()),
                ++clock);
        var state = store.read();
        assertEquals("by the old version", state.ticket().description());
        assertEquals(3, state.ticket().version());
        assertFalse(state.isKept());
        var last = change(0, 0, false);
        assertEquals(List.of(last, "by the old version", first, "the first text"), history(0));
        assertEquals(4, store.read().ticket().version());
    }

    @Test
    void aChangeIsLaterThanTheLastOneWhateverTheClockSays() {
        regions(1);
        var fast = change(0, 3_600_000_000L, false);
        var slow = change(0, -3_600_000_000L, false);
        assertEquals(List.of(slow, fast, "the first text"), history(0));
    }

    @Test
    void aLongHistoryIsFoldedFromItsEnd() {
        regions(1);
        for (int i = 0; i < PAGE + 20; i++) change(0, 0, false);
        var state = stores.getFirst().read();
        assertEquals(PAGE + 21, state.ticket().version());
        assertTrue(state.isKept() && !state.isOutdated());
        assertEquals(PAGE, state.changes().size());
    }
}
