package dev.meridian;

import dev.meridian.reconcile.ReconcileRequest;
import dev.meridian.reconcile.ReconcileService;
import dev.meridian.recovery.RecoveryService;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
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
        var code = new int[] {DIFFERENT};
        var ended = new CountDownLatch(1);
        recovery.settleOnce()
                .subscribe()
                .with(
                        done -> {
                            out.printf(
                                    "confirmed=%d replayed=%d rejected=%d failed=%d open=%d%n",
                                    done.confirmed(), done.replayed(), done.rejected(), done.failed(), done.open());
                            code[0] = done.open() == 0 ? OK : DIFFERENT;
                            ended.countDown();
                        },
                        failure -> {
                            err.println("The open orders could not be settled: " + failure.getMessage());
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
