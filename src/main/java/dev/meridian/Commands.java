package dev.meridian;

import dev.meridian.reconcile.ReconcileRequest;
import dev.meridian.reconcile.ReconcileService;
import dev.meridian.recovery.RecoveryService;
import dev.meridian.retention.PruneResult;
import dev.meridian.retention.RetentionService;
import io.smallrye.mutiny.Uni;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/// The commands for operators that print an answer.
final class Commands {
    private static final int OK = 0;
    private static final int DIFFERENT = 1;

    private Commands() {}

    static CommandSpec settleSpec() {
        var spec = Meridian.command(
                "settle",
                "Settles all open orders, once. Exit code 0 when none is left open, 1 otherwise.",
                "Servers do the same all the time; both at once do no harm.");
        spec.addOption(OptionSpec.builder("--once")
                .required(true)
                .type(boolean.class)
                .description("Look through the journal once and end.")
                .build());
        return spec;
    }

    static CommandSpec pruneSpec() {
        var spec = Meridian.command(
                "prune",
                "Deletes what has grown old: closed journal entries that SQL has in the same state, keys of restocks and",
                "imports, closed tickets. One line of JSON for each goes to standard output, progress to standard error.",
                "Servers do the same on a schedule; both at once do no harm. Exit code 0 done, 1 not finished: a store",
                "does not answer, run it again; 2 wrong usage.");
        spec.addOption(OptionSpec.builder("--before")
                .paramLabel("TIME")
                .type(Instant.class)
                .converters(Commands::pastDay)
                .description(
                        "Only what is older than this time, at least a day ago, such as 2026-01-01T00:00:00Z.",
                        "Otherwise as old as meridian.retention.* says.")
                .build());
        spec.addOption(OptionSpec.builder("--dry-run")
                .type(boolean.class)
                .description("Count, and delete nothing.")
                .build());
        return spec;
    }

    /// The journal of the last day may be needed after a failover.
    private static Instant pastDay(String text) {
        final Instant time;
        try {
            time = Instant.parse(text);
        } catch (DateTimeParseException _) {
            throw new TypeConversionException("must be a time such as 2026-01-01T00:00:00Z");
        }
        if (time.isAfter(Instant.now().minus(Duration.ofDays(1)))) {
            throw new TypeConversionException("must be at least a day ago");
        }
        return time;
    }

    /// @return the exit code
    static int prune(RetentionService retention, ParseResult parsed, PrintWriter out, PrintWriter err) {
        var before = Optional.ofNullable(parsed.matchedOptionValue("--before", (Instant) null));
        boolean isDryRun = parsed.matchedOptionValue("--dry-run", false);
        var progress = new Progress(err);
        return await(
                retention.prune(before, isDryRun, progress::show),
                results -> {
                    for (var result : results) {
                        out.printf(
                                "{\"kind\":\"%s\",\"before\":\"%s\",\"seen\":%d,\"pruned\":%d,\"dryRun\":%b}%n",
                                kind(result), result.before(), result.seen(), result.pruned(), isDryRun);
                    }
                    return OK;
                },
                failure -> err.println("Pruning has not ended: " + failure.getMessage()),
                out,
                err);
    }

    private static String kind(PruneResult result) {
        return result.kind().name().toLowerCase(Locale.ROOT);
    }

    /// A line every two seconds.
    private static final class Progress {
        private static final long PAUSE = Duration.ofSeconds(2).toNanos();

        private final PrintWriter err;
        private long shownAt = System.nanoTime();

        Progress(PrintWriter err) {
            this.err = err;
        }

        void show(PruneResult result) {
            if (System.nanoTime() - shownAt < PAUSE) return;
            shownAt = System.nanoTime();
            err.printf("%s: seen=%d pruned=%d so far%n", kind(result), result.seen(), result.pruned());
            err.flush();
        }
    }

    static CommandSpec reconcileSpec() {
        var spec = Meridian.command(
                "reconcile",
                "Compares two databases: orders, their lines and products that are missing in the new one,",
                "differ, or are only there. Writes to neither. Differences go to standard output, progress to",
                "standard error. Exit code 0 same, 1 different, 2 wrong usage, 3 a database cannot be read.",
                "",
                "User and password: in the URL, where other users of this machine may see them, or in PGUSER_OLD,",
                "PGPASSWORD_OLD, PGUSER_NEW, PGPASSWORD_NEW, or for both sides in PGUSER and PGPASSWORD.",
                "",
                "TLS: PGSSLROOTCERT (or PGSSLROOTCERT_OLD, PGSSLROOTCERT_NEW) names a PEM file of authorities;",
                "certificates are checked like sslmode=verify-full then. Without it connections are plain text.");
        spec.addOption(url("old", "The database that was the writer, or a restored snapshot of it."));
        spec.addOption(url("new", "The database that is the writer now."));
        spec.addOption(OptionSpec.builder("--since")
                .paramLabel("TIME")
                .type(Instant.class)
                .converters(text -> Instant.parse(text))
                .description("Only orders taken at or after this time, such as 2026-11-21T07:00:00Z; all products.")
                .build());
        spec.addOption(OptionSpec.builder("--format")
                .paramLabel("FORMAT")
                .type(ReconcileRequest.Format.class)
                .converters(Commands::format)
                .defaultValue("json")
                .description("json (the default) or csv.")
                .build());
        spec.addOption(OptionSpec.builder("--iam")
                .type(boolean.class)
                .description("Log in with IAM tokens, made from the AWS credentials of this process; needs TLS.")
                .build());
        return spec;
    }

    private static ReconcileRequest.Format format(String text) {
        return switch (text) {
            case "json" -> ReconcileRequest.Format.JSON;
            case "csv" -> ReconcileRequest.Format.CSV;
            default -> throw new TypeConversionException("must be json or csv");
        };
    }

    private static OptionSpec url(String name, String description) {
        return OptionSpec.builder("--" + name)
                .paramLabel("URL")
                .type(String.class)
                .required(true)
                .description(description + " postgresql://host:port/database")
                .build();
    }

    /// @return the exit code
    static int reconcile(ParseResult parsed, PrintWriter out, PrintWriter err) {
        return ReconcileService.run(
                new ReconcileRequest(
                        parsed.matchedOptionValue("--old", ""),
                        parsed.matchedOptionValue("--new", ""),
                        Optional.ofNullable(parsed.matchedOptionValue("--since", (Instant) null)),
                        parsed.matchedOptionValue("--format", ReconcileRequest.Format.JSON),
                        parsed.matchedOptionValue("--iam", false)),
                System::getenv,
                out,
                err);
    }

    /// @return the exit code
    static int settle(RecoveryService recovery, PrintWriter out, PrintWriter err) {
        return await(
                recovery.settleOnce(),
                done -> {
                    out.printf(
                            "confirmed=%d replayed=%d rejected=%d failed=%d open=%d%n",
                            done.confirmed(), done.replayed(), done.rejected(), done.failed(), done.open());
                    return done.open() == 0 ? OK : DIFFERENT;
                },
                failure -> err.println("The open orders could not be settled: " + failure.getMessage()),
                out,
                err);
    }

    private static <T> int await(
            Uni<T> work, ToIntFunction<T> done, Consumer<Throwable> failed, PrintWriter out, PrintWriter err) {
        var code = new int[] {DIFFERENT};
        var ended = new CountDownLatch(1);
        work.subscribe()
                .with(
                        result -> {
                            code[0] = done.applyAsInt(result);
                            ended.countDown();
                        },
                        failure -> {
                            failed.accept(failure);
                            ended.countDown();
                        });
        try {
            ended.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        out.flush();
        err.flush();
        return code[0];
    }
}
