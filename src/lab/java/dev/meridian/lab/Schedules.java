package dev.meridian.lab;

import dev.meridian.lab.check.Verdict;
import dev.meridian.lab.client.Counters;
import dev.meridian.lab.cluster.LabEvent;
import dev.meridian.lab.fault.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// Makes workloads and faults from seeds. A seed always gives the same schedule; thread and network timing
/// differ a little in each run.
final class Schedules {
    private static final double RATE = 40;
    private static final int PER_LAB = 10;
    private static final List<Duration> LAGS =
            List.of(Duration.ofMillis(30), Duration.ofMillis(300), Duration.ofMillis(1000), Duration.ofMillis(2500));
    /// Faults that lead to the worst cases come more often. In this order the first seeds, which the gate runs,
    /// have both kinds of refusals.
    private static final List<Fault> FAULTS = List.of(
            Fault.KILL_SERVICE,
            Fault.TERMINATE_SERVICE,
            Fault.CLOCK_FAST,
            Fault.KILL_WRITER,
            Fault.KILL_WRITER,
            Fault.LOSE_DYNAMO_ANSWERS,
            Fault.PROMOTE,
            Fault.KILL_READER,
            Fault.HANG_SQL,
            Fault.THROTTLE_DYNAMO,
            Fault.THROTTLE_DYNAMO,
            Fault.LOSE_DYNAMO_ANSWERS,
            Fault.SLOW_SQL,
            Fault.CONFLICT_DYNAMO,
            Fault.CONFLICT_DYNAMO,
            Fault.CUT_SQL,
            Fault.HANG_DYNAMO,
            Fault.SLOW_DYNAMO,
            Fault.SCATTER_REPLICATION,
            Fault.CUT_DYNAMO,
            Fault.FREEZE_REPLICATION,
            Fault.PARTITION_REGIONS,
            Fault.PARTITION_REGIONS,
            Fault.SWITCHOVER,
            Fault.FAILOVER_LOSING_TAIL,
            Fault.FAILOVER_LOSING_TAIL,
            Fault.FAILOVER_LOSING_TAIL,
            Fault.LOSE_REGION,
            Fault.HOT_PRODUCT,
            Fault.LOSE_REGION,
            Fault.DRAIN,
            Fault.HEAL,
            Fault.SCATTER_REPLICATION,
            Fault.LOSE_SQL_ANSWERS,
            Fault.CLOCK_SLOW,
            Fault.SPLIT_BRAIN);

    /// @param region index of the Region
    /// @param afterMillis the pause before the fault
    record Step(Fault fault, int region, long afterMillis) {
        @Override
        public String toString() {
            return "%.1fs %s %d".formatted(afterMillis / 1000.0, fault, region + 1);
        }
    }

    /// One schedule.
    record Schedule(
            long seed, boolean mrsc, Duration lag, LabOptions.Routing routing, List<Step> steps, long lastMillis) {}

    /// The outcome of a schedule.
    record Outcome(Schedule schedule, Verdict verdict, Counters counters, List<LabEvent> events, long millis) {}

    private Schedules() {}

    /// The schedule of a seed.
    ///
    /// @param also faults that are added to those of the seed, anywhere between them
    static Schedule draw(long seed, List<Fault> also) {
        var random = new Random(seed * 0x9E3779B97F4A7C15L);
        var steps = new ArrayList<Step>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) steps.add(step(FAULTS.get(random.nextInt(FAULTS.size())), random));
        var lag = LAGS.get(random.nextInt(LAGS.size()));
        var routings = LabOptions.Routing.values();
        var routing = routings[random.nextInt(routings.length)];
        int lastMillis = 1000 + random.nextInt(3000);
        for (var fault : also) steps.add(random.nextInt(steps.size() + 1), step(fault, random));
        return new Schedule(seed, Math.floorMod(seed, 4) == 3, lag, routing, steps, lastMillis);
    }

    private static Step step(Fault fault, Random random) {
        return new Step(fault, random.nextInt(2), 500 + random.nextInt(3500));
    }

    /// Runs the schedules of some seeds. Those that can share a lab run one after the other in it.
    ///
    /// @param options of each lab
    /// @param also faults that each of them gets
    /// @param told receives each outcome as it comes
    static void run(List<Long> seeds, LabOptions options, List<Fault> also, Consumer<Outcome> told) {
        for (boolean mrsc : List.of(false, true)) {
            var mine = seeds.stream()
                    .map(seed -> draw(seed, also))
                    .filter(s -> s.mrsc() == mrsc)
                    .toList();
            for (int from = 0; from < mine.size(); from += PER_LAB) {
                var some = mine.subList(from, Math.min(mine.size(), from + PER_LAB));
                try (var lab = TwoRegions.start(
                        options.withSeed(some.getFirst().seed()).withMrsc(mrsc))) {
                    for (var schedule : some) told.accept(run(lab, schedule));
                }
            }
        }
    }

    /// Runs a schedule in a healthy lab.
    static Outcome run(TwoRegions lab, Schedule schedule) {
        long start = System.currentTimeMillis();
        lab.replicationLag(schedule.lag());
        lab.theRouter().routing(schedule.routing());
        lab.newRun(schedule.seed(), RATE);
        lab.events().add("schedule " + schedule);
        lab.startLoad();
        for (var step : schedule.steps()) {
            pause(step.afterMillis());
            lab.inject(step.fault(), lab.regions().get(step.region()));
        }
        pause(schedule.lastMillis());
        lab.stopLoad();
        var counters = lab.state().counters();
        var verdict = lab.check();
        var events = lab.events().last().stream()
                .filter(event -> event.atMillis() >= start)
                .toList();
        return new Outcome(schedule, verdict, counters, events, System.currentTimeMillis() - start);
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// The head of the table that [#row] fills.
    static String head() {
        return "%6s %-5s %6s %-8s %7s %7s %7s %7s %9s %9s %8s %8s  %s"
                .formatted(
                        "seed",
                        "holds",
                        "lag ms",
                        "routing",
                        "asked",
                        "orders",
                        "unknown",
                        "missing",
                        "throttled",
                        "conflicts",
                        "no ans.",
                        "conv. ms",
                        "faults");
    }

    /// One line of a table.
    static String row(Outcome outcome) {
        var schedule = outcome.schedule();
        var counts = outcome.verdict().counts();
        long missing = counts.entrySet().stream()
                .filter(count -> count.getKey().startsWith("orders found missing"))
                .mapToLong(java.util.Map.Entry::getValue)
                .sum();
        return "%6d %-5s %6d %-8s %7d %7d %7d %7d %9d %9d %8d %8d  %s"
                .formatted(
                        schedule.seed(),
                        outcome.verdict().holds() ? "yes" : "NO",
                        schedule.lag().toMillis(),
                        schedule.mrsc() ? "MRSC" : schedule.routing().name().toLowerCase(java.util.Locale.ROOT),
                        counts.getOrDefault("requests", 0L),
                        counts.getOrDefault("orders acknowledged", 0L),
                        counts.getOrDefault("requests without a definite answer", 0L),
                        missing,
                        counts.getOrDefault("DynamoDB calls throttled", 0L),
                        counts.getOrDefault("DynamoDB writes in conflict", 0L),
                        counts.getOrDefault("DynamoDB calls done without an answer", 0L),
                        outcome.verdict().convergedAfter().toMillis(),
                        schedule.steps());
    }
}
