package dev.meridian.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.order.OrderBulkhead.Limits;
import dev.meridian.order.OrderBulkhead.Ticket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// [OrderBulkhead] in simulated time: clients, processes, and a SQL writer that works on one order of a
/// product at a time. How many clients are answered in time depends on nothing but the seed.
class HotProductSimulationTest {
    private static final long MS = 1_000_000;
    private static final long BUDGET = 2000 * MS;
    private static final Limits LIMITS = new Limits(10, 2, 200, 100);
    /// Answers of the first seconds do not count: the queues fill, and far processes do not know the hold yet.
    private static final long FROM = 5000 * MS;
    private static final long TO = 25_000 * MS;
    private static final int SECONDS = 20;

    private record Event(long at, long number, Runnable action) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>((a, b) -> a.at == b.at ? Long.compare(a.number, b.number) : Long.compare(a.at, b.at));
    private final Map<String, Long> rowFreeAt = new HashMap<>();
    private final List<OrderBulkhead> processes = new ArrayList<>();
    private final Map<String, Integer> inTime = new HashMap<>();
    private final Map<String, Integer> late = new HashMap<>();
    private final Random random = new Random(7);
    private long now;
    private long numbers;
    private long roundTrip;
    private long hold;

    private void at(long time, Runnable action) {
        events.add(new Event(time, numbers++, action));
    }

    private void start(int count, long roundTripMillis, long holdMillis) {
        roundTrip = roundTripMillis * MS;
        hold = holdMillis * MS;
        for (int i = 0; i < count; i++) processes.add(new OrderBulkhead(LIMITS, () -> roundTrip, () -> now));
    }

    /// Orders at random times, as many in a second as given, each at one of the processes.
    private void offer(double perSecond, String... products) {
        for (int i = 0; i < TO / 1e9 * perSecond; i++) at(random.nextLong(TO), () -> place(products));
    }

    private void place(String... products) {
        var process = processes.get(random.nextInt(processes.size()));
        var ticket = new Ticket(List.of(products), now + BUDGET, false);
        LongConsumer answered = time -> {
            if (time >= FROM && time < TO)
                (time <= ticket.deadline ? inTime : late).merge(String.join("+", products), 1, Integer::sum);
        };
        ticket.turn.thenRun(() -> at(now + roundTrip / 2, () -> {
            long done = now;
            for (var product : products) done = Math.max(done, rowFreeAt.getOrDefault(product, 0L));
            done += hold;
            for (var product : products) rowFreeAt.put(product, done);
            at(done + roundTrip / 2, () -> {
                answered.accept(now);
                tell(process.leave(ticket));
            });
        }));
        at(ticket.deadline, () -> tell(process.expire(ticket)));
        tell(process.enter(ticket));
    }

    private static void tell(List<Ticket> changed) {
        for (var ticket : changed) {
            if (ticket.refusal() == null) ticket.turn.complete(null);
        }
    }

    private void run() {
        while (!events.isEmpty()) {
            var next = events.poll();
            now = next.at;
            next.action.run();
        }
        for (var process : processes) {
            assertEquals(0, process.running() + process.waiting() + process.lanes.size());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 50, 3",
        "1, 1, 50, 7",
        "1, 1, 200, 7",
        "8, 1, 50, 3",
        "8, 1, 50, 7",
        "1, 80, 50, 3",
        "1, 80, 50, 7",
        "8, 80, 50, 7",
        "1, 80, 20, 7",
        "1, 1, 5, 3"
    })
    void fourFifthsOfWhatOneProductAllowsAreAnsweredInTime(int count, long roundTrip, long hold, int times) {
        start(count, roundTrip, hold);
        double capacity = 1000.0 / hold;
        offer(times * capacity, "hot");
        run();
        System.out.printf(
                "hot product: processes=%d rtt=%d hold=%d times=%d in time=%.1f/s late=%s%n",
                count, roundTrip, hold, times, inTime.get("hot") / (double) SECONDS, late);
        assertTrue(inTime.get("hot") >= 0.8 * SECONDS * capacity, () -> inTime + " " + late);
    }

    @Test
    void otherProductsAndBasketsAreSoldBesideAHotProduct() {
        start(1, 1, 50);
        offer(60, "hot");
        offer(10, "warm");
        offer(1, "hot", "warm");
        run();
        System.out.printf("hot product and others: in time=%s late=%s%n", inTime, late);
        assertTrue(inTime.get("hot") + inTime.get("hot+warm") >= 0.8 * SECONDS * 20, inTime::toString);
        assertTrue(inTime.get("warm") >= 0.9 * SECONDS * 10, inTime::toString);
        assertTrue(inTime.get("hot+warm") > 0, inTime::toString);
    }
}
