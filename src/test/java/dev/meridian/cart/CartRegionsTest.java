package dev.meridian.cart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;

/// Carts in two or three Regions whose items arrive late, in any order and more than once: each Region
/// writes only its own items, and the later write of an item stands.
class CartRegionsTest {
    private static final int MAX = 1_000_000;

    /// An item that is on its way to a Region.
    private record Sent(int to, String line, String writer, LineState state, long version) {}

    /// What a Region has stored: by line, then by Region.
    private static final class Store {
        final Map<String, Map<String, LineState>> items = new HashMap<>();
        final Map<String, Long> versions = new HashMap<>();

        LineState line(String line) {
            return items.getOrDefault(line, Map.of()).values().stream().reduce(LineState.NOTHING, LineState::join);
        }

        void put(String line, String writer, LineState state, long version) {
            if (versions.getOrDefault(line + writer, 0L) >= version) return;
            versions.put(line + writer, version);
            items.computeIfAbsent(line, _ -> new TreeMap<>()).put(writer, state);
        }
    }

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final int regions = 2 + random.nextInt(2);
    private final List<Store> stores = new ArrayList<>();
    private final List<Sent> sent = new ArrayList<>();
    private long clock = 1_000_000;
    private long version;

    {
        for (int i = 0; i < regions; i++) stores.add(new Store());
    }

    private void write(int region, String line, LineState state) {
        if (state == stores.get(region).line(line)) return;
        version++;
        stores.get(region).put(line, "r" + region, state, version);
        for (int to = 0; to < regions; to++) {
            if (to == region) continue;
            sent.add(new Sent(to, line, "r" + region, state, version));
            if (random.nextInt(5) == 0) sent.add(sent.getLast());
        }
    }

    private void deliver(int count) {
        for (int i = 0; i < count && !sent.isEmpty(); i++) {
            var one = sent.remove(random.nextInt(sent.size()));
            stores.get(one.to).put(one.line, one.writer, one.state, one.version);
        }
    }

    /// @param skew how much the clock of each Region is ahead of the one before it
    private long now(int region, long skew) {
        clock += 1 + random.nextInt(5);
        return clock + region * skew;
    }

    private void assertEqual(String line) {
        for (var store : stores) assertEquals(stores.getFirst().line(line), store.line(line), () -> "seed " + seed);
    }

    /// With equal clocks a line is what a single store would have made of its edits, however late they
    /// arrive.
    @RepeatedTest(200)
    void withEqualClocksALineIsAsIfThereWereOneRegion() {
        int expected = 0;
        var done = new HashSet<String>();
        for (int i = 0; i < 60; i++) {
            int region = random.nextInt(regions);
            var line = stores.get(region).line("p");
            long now = now(region, 0);
            int n = 1 + random.nextInt(9);
            int what = random.nextInt(10);
            if (what < 2) {
                expected = what == 0 ? n : 0;
                write(region, "p", line.set(expected, "s" + i, now));
            } else {
                // Some adds are retries, in any Region.
                var key = "k" + random.nextInt(40);
                int amount = key.hashCode() % 7 + 8;
                if (line.find(key).isEmpty()) write(region, "p", line.add(amount, key, now));
                if (done.add(key)) expected += amount;
            }
            deliver(random.nextInt(4));
        }
        deliver(sent.size());
        assertEqual("p");
        assertEquals(expected, stores.getFirst().line("p").quantity(MAX), () -> "seed " + seed);
    }

    /// Clocks differ by more than the whole test takes: all adds count, and a set or a removal replaces what
    /// its Region had.
    @RepeatedTest(200)
    void withUnequalClocksRegionsAgreeAndAddsWithoutASetAllCount() {
        long skew = 300_000_000L * (random.nextBoolean() ? 1 : -1);
        int sum = 0;
        for (int i = 0; i < 40; i++) {
            int region = random.nextInt(regions);
            int n = 1 + random.nextInt(9);
            var line = stores.get(region).line("p");
            write(region, "p", line.add(n, "a" + i, now(region, skew)));
            sum += n;
            int q = random.nextInt(9);
            var other = stores.get(region).line("q");
            var after = random.nextInt(3) == 0
                    ? other.set(q, "s" + i, now(region, skew))
                    : other.add(1 + q, "b" + i, now(region, skew));
            assertEquals(
                    after.base().key().equals("s" + i) ? q : other.quantity(MAX) + 1 + q,
                    after.quantity(MAX),
                    () -> "seed " + seed);
            write(region, "q", after);
            deliver(random.nextInt(4));
        }
        deliver(sent.size());
        assertEqual("p");
        assertEqual("q");
        assertEquals(sum, stores.getFirst().line("p").quantity(MAX), () -> "seed " + seed);
    }

    /// Of carts that are merged in several Regions each unit is in one cart at the end.
    @RepeatedTest(200)
    void mergesMoveEachUnitOnce() {
        long skew = random.nextBoolean() ? 0 : 300_000_000L;
        int sum = 0;
        for (int i = 0; i < 40; i++) {
            int region = random.nextInt(regions);
            var store = stores.get(region);
            if (random.nextInt(3) == 0) {
                var move =
                        LineMove.of(store.line("session"), store.line("customer"), "session", now(region, skew), MAX);
                write(region, "customer", move.target());
                write(region, "session", move.source());
            } else {
                var cart = random.nextBoolean() ? "session" : "customer";
                int n = 1 + random.nextInt(9);
                write(region, cart, store.line(cart).add(n, "a" + i, now(region, skew)));
                sum += n;
            }
            deliver(random.nextInt(4));
        }
        deliver(sent.size());
        assertEqual("session");
        assertEqual("customer");
        var last = stores.getFirst();
        assertEquals(
                sum, last.line("session").quantity(MAX) + last.line("customer").quantity(MAX), () -> "seed " + seed);
        var move = LineMove.of(last.line("session"), last.line("customer"), "session", now(0, skew), MAX);
        assertEquals(0, move.source().quantity(MAX), () -> "seed " + seed);
        assertEquals(sum, move.target().quantity(MAX), () -> "seed " + seed);
    }

    /// With few edits kept Regions still agree, and no line has less than nothing or more than its bound.
    @RepeatedTest(100)
    void withFewEditsKeptRegionsAgree() {
        int max = 30;
        for (int i = 0; i < 80; i++) {
            int region = random.nextInt(regions);
            var line = stores.get(region).line("p");
            long now = now(region, 50);
            var after = switch (random.nextInt(6)) {
                case 0 -> line.set(random.nextInt(max), "s" + i, now);
                case 1 -> line.take(1 + random.nextInt(5), "t" + i, now);
                default -> line.add(1 + random.nextInt(5), "a" + i, now);
            };
            write(region, "p", after.trimmed(3, max));
            int here = stores.get(region).line("p").quantity(max);
            assertTrue(here >= 0 && here <= max, () -> "seed " + seed);
            deliver(random.nextInt(3));
        }
        deliver(sent.size());
        assertEqual("p");
    }

    /// Without delay, trimming changes nothing.
    @RepeatedTest(50)
    void trimmingKeepsTheQuantity() {
        int expected = 0;
        for (int i = 0; i < 100; i++) {
            int region = random.nextInt(regions);
            var line = stores.get(region).line("p");
            int n = 1 + random.nextInt(5);
            boolean takes = random.nextInt(3) == 0;
            expected = takes ? Math.max(0, expected - n) : expected + n;
            var after = takes ? line.take(n, "t" + i, now(region, 9)) : line.add(n, "a" + i, now(region, 9));
            write(region, "p", after.trimmed(4, MAX));
            deliver(sent.size());
            assertEquals(expected, stores.get(random.nextInt(regions)).line("p").quantity(MAX), () -> "seed " + seed);
        }
        assertEquals(4, stores.getFirst().line("p").edits().size());
    }
}
