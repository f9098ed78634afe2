package dev.meridian.limits;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.function.LongSupplier;

/// A process with one event loop and one store, and clients that do not wait for answers, in virtual time. A request
/// is work on the loop, a store call, and work again; a refused one is a little work. The store has any number of
/// servers, so either it or the loop can be what is behind.
final class SimulatedProcess {
    static final long MS = 1_000_000;
    static final long SECOND = 1000 * MS;

    private static final Map<Priority, Integer> MIX =
            new EnumMap<>(Map.of(Priority.ORDER, 20, Priority.ITEM, 30, Priority.LIST, 50));

    /// What a request costs, means in nanoseconds.
    ///
    /// @param loop the work on the event loop, half of it before the store call
    /// @param refusal the work for one that is refused
    /// @param store the time of the store call
    /// @param servers how many of them the store serves at once
    record Costs(long loop, long refusal, long store, int servers) {
        /// Requests in a second.
        double capacity() {
            return Math.min((double) SECOND / loop, (double) SECOND * servers / store);
        }
    }

    /// What happened in a time.
    ///
    /// @param accepted nanoseconds from the sending of a request to its answer, sorted
    record Period(double seconds, Map<Priority, Integer> sent, Map<Priority, Integer> refused, long[] accepted) {
        double goodput() {
            return accepted.length / seconds;
        }

        double percentileMs(double share) {
            return accepted[(int) Math.min(accepted.length - 1, Math.ceil(share * accepted.length) - 1)] / (double) MS;
        }

        double refusedShare(Priority priority) {
            return refused.getOrDefault(priority, 0) / (double) sent.get(priority);
        }
    }

    private record Event(long at, long number, Runnable what) {}

    /// Work that begins when the loop is free: the supplier returns how long it takes.
    private record Work(LongSupplier begin, Runnable end) {}

    private final Random random;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>((a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.number, b.number));
    private final Queue<Work> loop = new ArrayDeque<>();
    private final Queue<Runnable> storeQueue = new ArrayDeque<>();
    private final List<Long> accepted = new ArrayList<>();
    private final Map<Priority, Integer> sent = new EnumMap<>(Priority.class);
    private final Map<Priority, Integer> refused = new EnumMap<>(Priority.class);
    private final boolean isShedding;
    private long now;
    private long numbers;
    private boolean isBusy;
    private boolean isProbing;
    private int storeBusy;
    private Costs costs;
    final ConcurrencyLimit limit;

    SimulatedProcess(Costs costs, ConcurrencyLimit.Bounds bounds, boolean isShedding, long seed) {
        this.costs = costs;
        this.isShedding = isShedding;
        this.random = new Random(seed);
        this.limit = new ConcurrencyLimit(bounds, () -> now);
    }

    void costs(Costs changed) {
        costs = changed;
    }

    /// Takes the processor away now and then, for a time each, as a neighbour on the machine does.
    void stall(long every, long time) {
        at(now + random(every), () -> {
            onLoop(() -> time, () -> {});
            stall(every, time);
        });
    }

    /// Sends requests at a rate for a time.
    Period run(double seconds, double perSecond) {
        accepted.clear();
        sent.clear();
        refused.clear();
        long end = now + (long) (seconds * SECOND);
        send(perSecond, end);
        while (!events.isEmpty() && events.peek().at <= end) {
            var event = events.remove();
            now = event.at;
            event.what.run();
        }
        now = end;
        var sorted = accepted.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return new Period(seconds, new EnumMap<>(sent), new EnumMap<>(refused), sorted);
    }

    private void send(double perSecond, long end) {
        long at = now + random(SECOND / perSecond);
        if (at >= end) return;
        at(at, () -> {
            arrive();
            send(perSecond, end);
        });
    }

    private void arrive() {
        var priority = anyPriority();
        sent.merge(priority, 1, Integer::sum);
        long arrived = now;
        var admitted = new boolean[1];
        var begun = new long[1];
        onLoop(
                () -> {
                    admitted[0] = !isShedding || limit.admits(priority);
                    if (!admitted[0]) {
                        refused.merge(priority, 1, Integer::sum);
                        return costs.refusal;
                    }
                    begun[0] = now;
                    limit.begin();
                    probe();
                    return random(costs.loop / 2.0);
                },
                () -> {
                    if (admitted[0])
                        callStore(() -> onLoop(() -> random(costs.loop / 2.0), () -> {
                            limit.answered(priority.ordinal(), now - begun[0], false);
                            limit.leave();
                            accepted.add(now - arrived);
                        }));
                });
    }

    private void probe() {
        if (isProbing || limit.underWay() <= 4) return;
        isProbing = true;
        long asked = now;
        onLoop(
                () -> {
                    limit.loopDelayed(now - asked);
                    isProbing = false;
                    return 0;
                },
                () -> {});
    }

    private void callStore(Runnable answered) {
        storeQueue.add(answered);
        serveStore();
    }

    private void serveStore() {
        if (storeBusy >= costs.servers || storeQueue.isEmpty()) return;
        var answered = storeQueue.remove();
        storeBusy++;
        at(now + random(costs.store), () -> {
            storeBusy--;
            answered.run();
            serveStore();
        });
    }

    private void onLoop(LongSupplier begin, Runnable end) {
        loop.add(new Work(begin, end));
        if (!isBusy) work();
    }

    private void work() {
        var next = loop.poll();
        isBusy = next != null;
        if (next == null) return;
        at(now + next.begin.getAsLong(), () -> {
            next.end.run();
            work();
        });
    }

    private void at(long time, Runnable what) {
        events.add(new Event(time, numbers++, what));
    }

    private long random(double mean) {
        return (long) (-mean * Math.log(1 - random.nextDouble()));
    }

    private Priority anyPriority() {
        int percent = random.nextInt(100);
        for (var each : MIX.entrySet()) {
            percent -= each.getValue();
            if (percent < 0) return each.getKey();
        }
        throw new IllegalStateException("the mix is no hundred percent");
    }
}
