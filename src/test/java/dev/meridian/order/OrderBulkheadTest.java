package dev.meridian.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.order.OrderBulkhead.Limits;
import dev.meridian.order.OrderBulkhead.Refusal;
import dev.meridian.order.OrderBulkhead.Ticket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderBulkheadTest {
    private static final long MS = 1_000_000;
    private static final Limits LIMITS = new Limits(10, 2, 200, 100);

    private long now;
    private long roundTrip = MS;
    private final Set<Ticket> running = new LinkedHashSet<>();
    private final Map<Ticket, Refusal> refused = new HashMap<>();
    private OrderBulkhead bulkhead = bulkhead(LIMITS);

    private OrderBulkhead bulkhead(Limits limits) {
        return new OrderBulkhead(limits, () -> roundTrip, () -> now);
    }

    private void note(List<Ticket> changed) {
        for (var ticket : changed) {
            if (ticket.refusal() == null) {
                assertTrue(running.add(ticket), "started twice");
            } else {
                assertFalse(running.contains(ticket), "refused after its start");
                assertNull(refused.put(ticket, ticket.refusal()), "refused twice");
            }
        }
    }

    private Ticket enter(String... products) {
        return enter(false, products);
    }

    private Ticket enter(boolean isSettlement, String... products) {
        var ticket = new Ticket(List.of(products), now + 2000 * MS, isSettlement);
        note(bulkhead.enter(ticket));
        return ticket;
    }

    private void leave(Ticket ticket) {
        running.remove(ticket);
        note(bulkhead.leave(ticket));
    }

    /// The first that runs is answered after this time.
    private void answer(long millis) {
        now += millis * MS;
        leave(running.iterator().next());
    }

    private void answerAll(int times, long millis) {
        for (int i = 0; i < times; i++) answer(millis);
    }

    @Test
    void twoOrdersOfAProductRunAndTheOthersWaitInTheirSequence() {
        var orders = IntStream.range(0, 50).mapToObj(_ -> enter("p")).toList();
        for (int i = 0; i < 50; i++) {
            assertEquals(
                    orders.subList(i, Math.min(50, i + 2)), running.stream().toList());
            answer(1);
        }
        assertEquals(Map.of(), refused);
        assertEquals(0, bulkhead.lanes.size());
    }

    @Test
    void ordersOfOneProductLeaveRoomForOthersAndAllOrdersLeaveRoomForOtherStatements() {
        for (int i = 0; i < 30; i++) enter("hot");
        for (int i = 0; i < 30; i++) enter("p" + i);
        assertEquals(10, running.size());
        assertEquals(10, bulkhead.running());
        assertEquals(50, bulkhead.waiting());
        assertEquals(Map.of(), refused);
    }

    @Test
    void anOrderCountsForEachOfItsProducts() {
        var both = enter("one", "two");
        enter("one");
        enter("two");
        var waiting = enter("two", "one");
        assertEquals(3, running.size());
        leave(both);
        assertTrue(running.contains(waiting));
    }

    @Test
    void anOrderThatWaitsForABusyProductDoesNotHoldUpTheOthersOfItsOtherProducts() {
        for (int i = 0; i < 10; i++) enter("hot");
        enter("cold", "hot");
        var cold = enter("cold");
        assertTrue(running.contains(cold));
    }

    @Test
    void anOrderOfTwoBusyProductsIsNotOvertakenForEver() {
        for (int i = 0; i < 4; i++) {
            enter("one");
            enter("two");
        }
        var both = enter("one", "two");
        int answers = 0;
        while (!running.contains(both)) {
            enter("one");
            enter("two");
            answer(1);
            assertTrue(++answers < 20, "overtaken again and again");
        }
    }

    @Test
    void whoseTimeIsShorterThanTheMeasuredWaitIsRefusedAtOnce() {
        for (int i = 0; i < 32; i++) enter("hot");
        answerAll(20, 50);
        for (int i = 0; i < 100; i++) enter("hot");
        // (2 s - 25 %) / 50 ms = 32, those that run included
        assertEquals(32, bulkhead.running() + bulkhead.waiting());
        assertEquals(Set.of(Refusal.WAIT_TOO_LONG), Set.copyOf(refused.values()));
        var other = enter("cold");
        assertTrue(running.contains(other));
    }

    @Test
    void oneSlowAnswerIsNoMeasure() {
        for (int i = 0; i < 10; i++) enter("p");
        answer(1500);
        answerAll(5, 2);
        for (int i = 0; i < 40; i++) enter("p");
        assertEquals(Map.of(), refused);
    }

    @Test
    void whoseTurnComesTooLateIsRefusedThenAndTheNextStarts() {
        for (int i = 0; i < 20; i++) enter("p");
        answerAll(9, 180);
        // 380 ms are left, and two answers take 360 ms.
        assertEquals(10, refused.size());
        assertEquals(1, running.size());
        assertTrue(running.contains(enter("p")));
    }

    @Test
    void whoseTimeIsUpLeavesTheQueueAndWhoRunsStays() {
        var first = enter("p");
        enter("p");
        var third = enter("p");
        note(bulkhead.expire(first));
        note(bulkhead.expire(third));
        assertEquals(Map.of(third, Refusal.TIME_UP), refused);
        assertEquals(2, bulkhead.running());
        note(bulkhead.leave(third));
        leave(first);
        leave(first);
        assertEquals(1, bulkhead.running());
    }

    @Test
    void queuesAreBounded() {
        for (int i = 0; i < 103; i++) enter("p");
        assertEquals(List.of(Refusal.QUEUE_FULL), List.copyOf(refused.values()));
        for (int i = 0; i < 200; i++) enter("q" + i);
        assertEquals(200, bulkhead.waiting());
        assertEquals(Set.of(Refusal.QUEUE_FULL), Set.copyOf(refused.values()));
    }

    @Test
    void fewSettlementsWaitWhileClientsDoAndAllWhenNone() {
        for (int i = 0; i < 8; i++) enter(true, "p");
        assertEquals(6, bulkhead.waiting());
        enter(false, "p");
        enter(true, "p");
        assertEquals(7, bulkhead.waiting());
        assertEquals(List.of(Refusal.QUEUE_FULL), List.copyOf(refused.values()));
    }

    @Test
    void moreOrdersFillTheRoundTripToAFarWriter() {
        roundTrip = 80 * MS;
        for (int i = 0; i < 30; i++) enter("p");
        assertEquals(8, running.size());
        answerAll(12, 30);
        // 2, and 80 ms / 30 ms that are on the way
        while (running.size() > 4) answer(30);
        answerAll(3, 30);
        assertEquals(4, running.size());
    }

    @Test
    void randomSequencesKeepEveryLimitAndEndEveryOrder() {
        var seed = Long.getLong("order.seed", System.nanoTime());
        int sequences = Integer.getInteger("order.sequences", 500);
        for (int i = 0; i < sequences; i++) {
            try {
                randomSequence(new Random(seed + i));
            } catch (AssertionError e) {
                throw new AssertionError("-Dorder.sequences=1 -Dorder.seed=" + (seed + i), e);
            }
        }
    }

    private void randomSequence(Random random) {
        var limits = new Limits(
                1 + random.nextInt(10), 1 + random.nextInt(3), 1 + random.nextInt(40), 1 + random.nextInt(20));
        running.clear();
        refused.clear();
        bulkhead = bulkhead(limits);
        roundTrip = random.nextInt(100) * MS;
        int products = 1 + random.nextInt(6);
        var waiting = new ArrayList<Ticket>();
        int entered = 0;
        int left = 0;
        for (int step = 0; step < 400; step++) {
            now += random.nextLong(20 * MS);
            int event = random.nextInt(10);
            if (event < 5) {
                var own = random.ints(1 + random.nextInt(3), 0, products)
                        .distinct()
                        .mapToObj(n -> "p" + n)
                        .toList();
                var ticket = new Ticket(own, now + random.nextLong(3000 * MS), random.nextInt(4) == 0);
                entered++;
                waiting.add(ticket);
                note(bulkhead.enter(ticket));
            } else if (event < 8 && !running.isEmpty()) {
                left++;
                leave(running.stream()
                        .skip(random.nextInt(running.size()))
                        .findFirst()
                        .orElseThrow());
            } else if (!waiting.isEmpty()) {
                var ticket = waiting.get(random.nextInt(waiting.size()));
                note(event == 8 ? bulkhead.expire(ticket) : bulkhead.leave(ticket));
            }
            waiting.removeIf(ticket -> running.contains(ticket) || refused.containsKey(ticket));
            assertEquals(running.size(), bulkhead.running());
            assertEquals(waiting.size(), bulkhead.waiting());
            assertTrue(running.size() <= limits.statements());
            assertTrue(waiting.size() <= limits.queue());
            assertTrue(bulkhead.lanes.size() <= products);
            assertTrue(waiting.isEmpty() || !running.isEmpty(), "nobody runs and somebody waits");
            assertEquals(entered, running.size() + waiting.size() + refused.size() + left);
        }
        while (!running.isEmpty()) leave(running.iterator().next());
        assertEquals(0, bulkhead.waiting());
        assertEquals(0, bulkhead.lanes.size());
    }
}
