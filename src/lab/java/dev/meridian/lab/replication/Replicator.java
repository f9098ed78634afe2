package dev.meridian.lab.replication;

import dev.meridian.lab.SeededDefect;
import dev.meridian.testing.DynamoLocal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Copies every write in either Region to the other one, after a lag; the last writer of an item wins. It
/// stands for DynamoDB global tables (MREC) and reads DynamoDB Streams.
///
/// A write gets its timestamp when it is read from the stream. For the exact order of writes, call [#observe]
/// between a write and its response; all other writes are found by polling.
public final class Replicator implements AutoCloseable {
    private static final int BATCH = 50;
    /// [SeededDefect#REPLICATOR_DROPS]: one of this number of writes is dropped.
    private static final int DROP_EVERY = 10;

    /// The replication from one Region to the other.
    private static final class Way {
        private final String from;
        private volatile boolean isFrozen;
        /// The longest time that an item waits beyond the lag.
        private volatile Duration spread = Duration.ZERO;
        private int applied;

        private Way(String from) {
            this.from = from;
        }

        /// Each item has its own delay, most of them a short one: one in two more than an eighth of the longest.
        private long delayNanos(String table, String key) {
            if (spread.isZero()) return 0;
            double part = new Random(31L * table.hashCode() + key.hashCode()).nextDouble();
            return (long) (spread.toNanos() * part * part * part);
        }
    }

    private final List<String> regions;
    private final List<Map<String, TableReplica>> replicas = new ArrayList<>();
    private final List<Way> ways = new ArrayList<>();
    private final AtomicLong lastStamp = new AtomicLong();
    private final Supplier<SeededDefect> defect;
    private final Consumer<String> events;
    private final List<Thread> threads = new ArrayList<>();
    private final Set<String> told = Collections.synchronizedSet(new HashSet<>());
    private volatile Duration lag;
    private volatile boolean isClosed;

    /// @param stores of both Regions, with the tables
    /// @param lag how long each write is held back
    /// @param look the polling interval of the streams
    public Replicator(
            Map<String, DynamoLocal> stores,
            List<String> tables,
            Duration lag,
            Duration look,
            Supplier<SeededDefect> defect,
            Consumer<String> events) {
        this.regions = List.copyOf(stores.keySet());
        this.lag = lag;
        this.defect = defect;
        this.events = events;
        for (var region : regions) {
            var own = new LinkedHashMap<String, TableReplica>();
            for (var table : tables) {
                var replica = new TableReplica(
                        stores.get(region),
                        region,
                        table,
                        this::stamp,
                        () -> defect.get() != SeededDefect.NO_LAST_WRITER_WINS);
                own.put(table, replica);
            }
            replicas.add(own);
            ways.add(new Way(region));
        }
        for (int i = 0; i < ways.size(); i++) {
            int from = i;
            start(() -> carry(from));
            start(() -> look(from, look));
        }
    }

    private void start(Runnable task) {
        threads.add(Thread.ofVirtual().name("replicator").start(task));
    }

    private long stamp() {
        return lastStamp.updateAndGet(last -> Math.max(last + 1, System.nanoTime()));
    }

    /// Timestamps every write to this table that completed before this call.
    public void observe(String region, String table) {
        var replica = replicas.get(regions.indexOf(region)).get(table);
        if (replica != null) replica.observe();
    }

    /// Sets the replication lag.
    public void lag(Duration lag) {
        this.lag = lag;
    }

    /// Stops copying the writes of this Region until [#thaw].
    public void freeze(String from) {
        ways.get(regions.indexOf(from)).isFrozen = true;
    }

    /// From now on each item of this Region has a delay of its own beyond the lag, so that items which were
    /// written together arrive apart and in another order, until [#thaw].
    ///
    /// @param longest of the delays
    public void scatter(String from, Duration longest) {
        ways.get(regions.indexOf(from)).spread = longest;
    }

    /// Resumes copying the writes of this Region with the lag alone, including those since [#freeze].
    public void thaw(String from) {
        var way = ways.get(regions.indexOf(from));
        way.spread = Duration.ZERO;
        way.isFrozen = false;
    }

    /// Age of the oldest write that is not copied yet.
    public Duration age() {
        long now = System.nanoTime();
        long oldest = now;
        for (var own : replicas) {
            for (var replica : own.values()) {
                var first = replica.outbound().peekFirst();
                if (first != null) oldest = Math.min(oldest, first.version().at());
            }
        }
        return Duration.ofNanos(now - oldest);
    }

    /// Whether both Regions have all of each other's writes.
    public boolean isIdle() {
        for (var own : replicas) own.values().forEach(TableReplica::observe);
        return replicas.stream()
                .flatMap(own -> own.values().stream())
                .allMatch(replica -> replica.outbound().isEmpty());
    }

    /// Whether both Regions have all of each other's writes until then; heartbeats never end.
    ///
    /// @param time by [System#nanoTime]
    public boolean hasCopiedUntil(long time) {
        return isIdle() || age().toNanos() < System.nanoTime() - time;
    }

    private void look(int region, Duration every) {
        while (!isClosed) {
            for (var replica : replicas.get(region).values()) {
                guarded(() -> {
                    replica.observe();
                    return true;
                });
                pause(every.dividedBy(replicas.get(region).size()));
            }
        }
    }

    private void carry(int from) {
        var way = ways.get(from);
        while (!isClosed) {
            boolean moved = false;
            for (var source : replicas.get(from).values()) {
                var target = replicas.get(1 - from).get(source.table());
                if (!way.isFrozen) moved |= guarded(() -> carry(way, source, target));
            }
            if (!moved) pause(Duration.ofMillis(10));
        }
    }

    /// @return whether anything was due
    private boolean carry(Way way, TableReplica source, TableReplica target) {
        var due = new ArrayList<Change>();
        long until = System.nanoTime() - lag.toNanos();
        for (var change : source.outbound()) {
            if (due.size() == BATCH || change.version().at() > until) break;
            if (change.version().at() <= until - way.delayNanos(source.table(), change.key())) due.add(change);
        }
        if (due.isEmpty()) return false;
        target.apply(due.stream().filter(_ -> isKept(way)).toList());
        due.forEach(source.outbound()::removeFirstOccurrence);
        return true;
    }

    private boolean isKept(Way way) {
        return defect.get() != SeededDefect.REPLICATOR_DROPS || ++way.applied % DROP_EVERY != 0;
    }

    /// Retries after a failure, and reports it once.
    private boolean guarded(BooleanSupplier step) {
        try {
            return step.getAsBoolean();
        } catch (RuntimeException e) {
            if (!isClosed && told.add(String.valueOf(e))) events.accept("replicator: " + e);
            pause(Duration.ofMillis(100));
            return false;
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        isClosed = true;
        for (var thread : threads) {
            try {
                thread.join(Duration.ofSeconds(5));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
