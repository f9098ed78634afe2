package dev.meridian.lab;

import dev.meridian.lab.check.Verdict;
import dev.meridian.lab.fault.Fault;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Steady load for long, with one fault after the other, each healed after a while. The memory of the service
/// and the number of open orders must not grow from fault to fault.
final class Steady {
    /// In turn; each second time in the other Region. None ends the first Region's service, whose memory is
    /// compared over the whole time; those that end a service are for the second one.
    private static final List<Fault> FAULTS = List.of(
            Fault.KILL_SERVICE,
            Fault.SLOW_SQL,
            Fault.THROTTLE_DYNAMO,
            Fault.FREEZE_REPLICATION,
            Fault.FAILOVER_LOSING_TAIL,
            Fault.HANG_DYNAMO,
            Fault.CONFLICT_DYNAMO,
            Fault.LOSE_REGION,
            Fault.PARTITION_REGIONS,
            Fault.KILL_WRITER,
            Fault.CUT_DYNAMO,
            Fault.DRAIN,
            Fault.TERMINATE_SERVICE,
            Fault.HANG_SQL,
            Fault.SLOW_DYNAMO,
            Fault.SWITCHOVER,
            Fault.CUT_SQL,
            Fault.SCATTER_REPLICATION,
            Fault.CLOCK_FAST,
            Fault.LOSE_DYNAMO_ANSWERS,
            Fault.HOT_PRODUCT,
            Fault.LOSE_SQL_ANSWERS,
            Fault.CLOCK_SLOW,
            Fault.KILL_READER);
    private static final List<Fault> END_A_SERVICE =
            List.of(Fault.KILL_SERVICE, Fault.TERMINATE_SERVICE, Fault.LOSE_REGION, Fault.CLOCK_FAST, Fault.CLOCK_SLOW);

    /// How much of the time between two faults one lasts.
    private static final int PART_FAULTY = 4;
    /// With fewer windows than this, memory is not judged: a service that has just started still grows.
    private static final int WINDOWS_TO_JUDGE = 6;
    /// How far the last third of the windows may be above the second.
    private static final double GROWTH_MAX = 1.15;
    private static final long SAMPLE_MILLIS = 1000;

    /// The time from one fault to the next.
    ///
    /// @param open the fewest open orders of its last quarter, the greater one of the two Regions
    /// @param resident memory of each Region's service at its end, MB
    record Window(String fault, long requests, long orders, long unknown, long open, List<Long> resident) {}

    /// @param growing what grew; empty when nothing did
    record Outcome(List<Window> windows, List<String> growing, Verdict verdict) {
        boolean holds() {
            return growing.isEmpty() && verdict.holds();
        }
    }

    private final TwoRegions lab;
    private final Duration every;
    private final PrintStream out;

    /// @param every the time from one fault to the next
    Steady(TwoRegions lab, Duration every, PrintStream out) {
        this.lab = lab;
        this.every = every;
        this.out = out;
    }

    /// @param windows how many faults
    Outcome run(long seed, double rate, int windows) {
        lab.newRun(seed, rate);
        lab.startLoad();
        out.println(head());
        var done = new ArrayList<Window>();
        for (int i = 0; i < windows; i++) {
            done.add(window(i));
            out.println(row(i, done.getLast()));
        }
        lab.stopLoad();
        return new Outcome(done, growing(done), lab.check());
    }

    private Window window(int number) {
        var before = lab.state().counters();
        long start = System.nanoTime();
        var fault = FAULTS.get(number % FAULTS.size());
        int region = END_A_SERVICE.contains(fault) ? 1 : number / FAULTS.size() % 2;
        lab.inject(fault, lab.regions().get(region));
        await(start, every.dividedBy(PART_FAULTY));
        lab.heal();
        await(start, every.minus(every.dividedBy(4)));
        long open = Long.MAX_VALUE;
        while (System.nanoTime() - start < every.toNanos()) {
            open = Math.min(open, openOrders());
            Schedules.pause(SAMPLE_MILLIS);
        }
        var after = lab.state().counters();
        return new Window(
                fault + " " + (region + 1),
                after.requests() - before.requests(),
                after.ordersAcknowledged() - before.ordersAcknowledged(),
                after.unknown() - before.unknown(),
                open,
                lab.processes().regions().stream()
                        .map(each -> each.residentBytes() >> 20)
                        .toList());
    }

    private long openOrders() {
        return lab.state().regions().stream()
                .mapToLong(RegionState::openJournalEntries)
                .max()
                .orElse(0);
    }

    private static void await(long start, Duration until) {
        Schedules.pause(Math.max(0, (start + until.toNanos() - System.nanoTime()) / 1_000_000));
    }

    /// What grew from window to window.
    static List<String> growing(List<Window> windows) {
        var growing = new ArrayList<String>();
        windows.stream()
                .filter(window -> window.open != 0)
                .forEach(window -> growing.add(window.open + " orders stayed open after " + window.fault));
        if (windows.size() < WINDOWS_TO_JUDGE) return growing;
        int third = windows.size() / 3;
        double second = resident(windows.subList(third, 2 * third));
        double last = resident(windows.subList(windows.size() - third, windows.size()));
        if (last > GROWTH_MAX * second)
            growing.add("the memory of the first Region's service: " + Math.round(second) + " MB in the second third of"
                    + " the time, " + Math.round(last) + " MB in the last");
        return growing;
    }

    /// The mean of the first Region, MB.
    private static double resident(List<Window> windows) {
        return windows.stream()
                .mapToLong(window -> window.resident.getFirst())
                .average()
                .orElse(0);
    }

    private static String head() {
        return "%6s %9s %7s %8s %6s %8s %8s  %s"
                .formatted("window", "requests", "orders", "unknown", "open", "MB in 1", "MB in 2", "fault");
    }

    private static String row(int number, Window window) {
        return String.format(
                Locale.ROOT,
                "%6d %9d %7d %8d %6d %8d %8d  %s",
                number + 1,
                window.requests,
                window.orders,
                window.unknown,
                window.open,
                window.resident.get(0),
                window.resident.get(1),
                window.fault);
    }
}
