package dev.meridian.lab;

import dev.meridian.lab.cluster.Faketime;
import dev.meridian.lab.drill.Drill;
import dev.meridian.lab.drill.DrillOptions;
import dev.meridian.lab.fault.Fault;
import dev.meridian.lab.page.LabServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/// The two-Region lab as a command; `./lab` at the root of the repository starts it.
final class LabMain {
    private static final int OK = 0;
    private static final int BROKEN = 1;
    private static final int USAGE = 2;
    private static final int FAILED = 3;

    private LabMain() {}

    /// Exit codes: 0 success, 1 a promise is broken, 2 wrong usage, 3 the lab itself failed.
    static void main(String[] args) {
        System.exit(run(args, System.out, System.err));
    }

    static int run(String[] args, PrintStream out, PrintStream err) {
        var line = new CommandLine(LabCommands.all());
        final ParseResult parsed;
        try {
            parsed = line.parseArgs(args);
        } catch (CommandLine.ParameterException e) {
            err.println(e.getMessage());
            e.getCommandLine().usage(err);
            return USAGE;
        }
        if (CommandLine.printHelpIfRequested(parsed)) return OK;
        if (!parsed.hasSubcommand()) {
            line.usage(err);
            return USAGE;
        }
        var command = parsed.subcommand();
        try {
            return switch (command.commandSpec().name()) {
                case "page" -> page(command, out);
                case "drill" -> drill(command, out);
                case "steady" -> steady(command, out);
                default -> schedules(command, out);
            };
        } catch (InterruptedException _) {
            return FAILED;
        } catch (IOException | SQLException | RuntimeException e) {
            err.println("The lab failed:");
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                // The log of a service that did not start is long; the cause is at its end.
                var lines = cause.toString().lines().toList();
                lines.stream().skip(Math.max(0, lines.size() - 12)).forEach(each -> err.println("  " + each));
            }
            return FAILED;
        }
    }

    static Lab start(LabOptions options, PrintStream out) {
        out.println("Starting two Regions …");
        return Lab.start(options);
    }

    private static int page(ParseResult options, PrintStream out) throws IOException, InterruptedException {
        var wanted = options(options, seed(options))
                .withRate(options.matchedOptionValue("--rate", 60.0))
                .withReplicationLag(Duration.ofMillis(options.matchedOptionValue("--lag", 300)))
                .withMrsc(options.hasMatchedOption("--mrsc"));
        try (var lab = start(wanted, out);
                var server = new LabServer(lab, options.matchedOptionValue("--port", 0))) {
            out.println("  artifact    " + lab.artifact());
            for (var region : lab.regions()) out.println("  " + region + "   " + lab.service(region));
            out.println("  storefront  " + lab.router() + "  (through the router)");
            out.println();
            out.println("Open " + server.uri());
            out.println("Ctrl-C ends everything.");
            new CountDownLatch(1).await();
        }
        return OK;
    }

    private static int drill(ParseResult options, PrintStream out)
            throws IOException, InterruptedException, SQLException {
        long seed = seed(options);
        var drill = options.hasMatchedOption("--quick") ? DrillOptions.quick(seed) : DrillOptions.full(seed);
        if (options.hasMatchedOption("--seconds")) {
            drill = drill.withPhase(Duration.ofSeconds(options.matchedOptionValue("--seconds", 0)));
        }
        drill = drill.withRates(
                options.matchedOptionValue("--orders", drill.ordersPerSecond()),
                options.matchedOptionValue("--reads", drill.readsPerSecond()));
        if (options.hasMatchedOption("--lose-region")) {
            drill = drill.withRegionLost(Duration.ofSeconds(options.matchedOptionValue("--promote-after", 10)));
        }
        try (var lab = start(options(options, seed), out)) {
            out.println("  artifact  " + lab.artifact() + ", seed " + seed + ", "
                    + lab.roundTrip().toMillis() + " ms between the Regions");
            var report = new Drill(lab, drill, out).run();
            report.print(out);
            out.println();
            out.println("Report: " + report.write().toUri());
            return report.holds() ? OK : BROKEN;
        }
    }

    private static int schedules(ParseResult options, PrintStream out) throws IOException {
        int count = options.matchedOptionValue("--count", 1);
        long first = options.matchedOptionValue("--from", 1L);
        List<Fault> also = options.matchedOptionValue("--with", List.of());
        var results = new ScheduleResults(
                Path.of(options.matchedOptionValue("--results", "target/lab/schedules.jsonl")),
                ScheduleResults.checkedOut(),
                TwoRegions.whichArtifact());
        var broken = new ArrayList<Long>();
        out.println("Starting two Regions; seeds " + first + " to " + (first + count - 1) + " …");
        if (!Faketime.isInstalled()) out.println("libfaketime is not installed: CLOCK_FAST and CLOCK_SLOW do nothing.");
        out.println(Schedules.head());
        var seeds = LongStream.range(first, first + count).boxed().toList();
        Schedules.run(seeds, options(options, first), also, outcome -> {
            out.println(Schedules.row(outcome));
            ThrowingAction.run(() -> results.add(outcome));
            if (outcome.verdict().holds()) return;
            broken.add(outcome.schedule().seed());
            outcome.verdict().violations().forEach(violation -> out.println("    " + violation));
            outcome.events().forEach(event -> out.println("    " + event));
            var with = new StringBuilder();
            also.forEach(fault -> with.append(" --with ").append(fault));
            out.println(
                    "    again: ./lab schedules --from " + outcome.schedule().seed() + with);
        });
        out.println();
        out.println("Sums of this commit and artifact in " + results.file() + ":");
        results.sums().forEach((what, sum) -> out.println("%12d  %s".formatted(sum, what)));
        out.println(broken.isEmpty() ? "All promises hold." : "Promises are broken, seeds " + broken);
        return broken.isEmpty() ? OK : BROKEN;
    }

    private static int steady(ParseResult options, PrintStream out) throws IOException {
        long seed = seed(options);
        var every = Duration.ofSeconds(options.matchedOptionValue("--every", 120));
        var time = Duration.ofMinutes(options.matchedOptionValue("--minutes", 60));
        int windows = (int) Math.max(1, time.dividedBy(every));
        double rate = options.matchedOptionValue("--rate", 8.0);
        out.println("Starting two Regions; " + windows + " faults, seed " + seed + ", " + TwoRegions.whichArtifact()
                + ", commit " + ScheduleResults.checkedOut() + " …");
        try (var lab = TwoRegions.start(options(options, seed))) {
            var outcome = new Steady(lab, every, out).run(seed, rate, windows);
            outcome.verdict().counts().forEach((what, count) -> out.println("%12d  %s".formatted(count, what)));
            outcome.verdict().violations().forEach(violation -> out.println("    " + violation));
            outcome.growing().forEach(what -> out.println("    not flat: " + what));
            out.println(outcome.holds() ? "All promises hold; memory and open orders are flat." : "It does not hold.");
            return outcome.holds() ? OK : BROKEN;
        }
    }

    private static LabOptions options(ParseResult options, long seed) {
        var usual = LabOptions.quick(seed).withIdentity(options.hasMatchedOption("--identity"));
        return options.hasMatchedOption("--rtt")
                ? usual.withRoundTrip(Duration.ofMillis(options.matchedOptionValue("--rtt", 0)))
                : usual;
    }

    private static long seed(ParseResult options) {
        return options.matchedOptionValue("--seed", System.nanoTime() % 1_000_000);
    }
}
