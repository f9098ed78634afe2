package dev.meridian;

import dev.meridian.recovery.RecoveryService;
import dev.meridian.retention.RetentionService;
import dev.meridian.sql.Migration;
import dev.meridian.startup.DnsCacheTtl;
import dev.meridian.startup.ProcessSettings;
import dev.meridian.startup.RequiredSettings;
import io.quarkus.arc.Arc;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// The one entry point of the artifact: `serve` (the default) runs the store, the other commands run once and
/// end.
@QuarkusMain
public class Meridian implements QuarkusApplication {
    private static final int OK = 0;
    private static final int NOT_CONFIGURED = 1;
    private static final int USAGE = 2;
    private static final String SERVE = "serve";
    private static final String PROFILE = "quarkus.profile";

    static void main(String... args) {
        DnsCacheTtl.limit();
        // Quarkus would answer a malformed target with a bare 400; http.HttpLimits answers with a problem.
        System.setProperty("vertx.disableURIValidation", "true");
        var console = new CommandLine(commands());
        var ended = beforeTheApplication(console, System.getenv(), args);
        if (ended.isPresent()) System.exit(ended.getAsInt());
        var command = command(console.getParseResult());
        if (!command.equals(SERVE)) {
            System.setProperty(ProcessSettings.COMMAND, command);
            System.setProperty(
                    PROFILE, profiles(command, RequiredSettings.value(PROFILE).orElse("prod")));
        }
        Quarkus.run(Meridian.class, args);
    }

    /// Reads the arguments, and runs what needs no application: help, wrong usage, the commands `health` and
    /// `reconcile`.
    ///
    /// @param console parses the arguments, and prints help and errors
    /// @return the exit code; empty when the application has to start
    static OptionalInt beforeTheApplication(CommandLine console, Map<String, String> environment, String... args) {
        final ParseResult parsed;
        try {
            parsed = console.parseArgs(args);
        } catch (CommandLine.ParameterException e) {
            console.getErr().println(e.getMessage());
            e.getCommandLine().usage(console.getErr());
            return OptionalInt.of(USAGE);
        }
        if (CommandLine.printHelpIfRequested(parsed)) return OptionalInt.of(OK);
        switch (command(parsed)) {
            case "health" -> {
                return OptionalInt.of(HealthProbe.run(environment));
            }
            case "reconcile" -> {
                // Needs no configuration and no application: two addresses are all.
                return OptionalInt.of(Commands.reconcile(parsed.subcommand(), console.getOut(), console.getErr()));
            }
            default -> {
                var missing = RequiredSettings.missing(command(parsed).equals(SERVE));
                missing.forEach(console.getErr()::println);
                return missing.isEmpty() ? OptionalInt.empty() : OptionalInt.of(NOT_CONFIGURED);
            }
        }
    }

    /// The profiles of a command: those that were chosen, then its own, which has its settings. A server has
    /// just those that were chosen, and dev mode its own.
    ///
    /// @param command `migrate`, `settle`, `prune`
    /// @param chosen by the operator, comma separated
    static String profiles(String command, String chosen) {
        return chosen + "," + command;
    }

    @Override
    public int run(String... args) {
        var line = new CommandLine(commands());
        var parsed = line.parseArgs(args);
        switch (command(parsed)) {
            case "migrate" -> {
                try (var migration = Arc.container().instance(Migration.class)) {
                    return migration.get().run();
                }
            }
            case "settle" -> {
                try (var recovery = Arc.container().instance(RecoveryService.class)) {
                    return Commands.settle(recovery.get(), line.getOut(), line.getErr());
                }
            }
            case "prune" -> {
                try (var retention = Arc.container().instance(RetentionService.class)) {
                    return Commands.prune(retention.get(), parsed.subcommand(), line.getOut(), line.getErr());
                }
            }
            default -> {
                Quarkus.waitForExit();
                return OK;
            }
        }
    }

    private static String command(ParseResult parsed) {
        return parsed.hasSubcommand() ? parsed.subcommand().commandSpec().name() : SERVE;
    }

    static CommandSpec commands() {
        var root = withHelp(CommandSpec.create().name("meridian"));
        root.version("Meridian " + version());
        root.usageMessage()
                .description("A store that stays open when a cloud Region does not.")
                .footer("", "Configuration: environment variables and system properties, see docs/configuration.md.");
        root.addSubcommand(SERVE, command(SERVE, "Serves the store (the default)."));
        root.addSubcommand(
                "migrate", command("migrate", "Brings the SQL schema up to date on the writer, once per deployment."));
        root.addSubcommand(
                "health",
                command("health", "Asks the server on this host whether it lives; 0 is yes. For containers."));
        root.addSubcommand("settle", Commands.settleSpec());
        root.addSubcommand("prune", Commands.pruneSpec());
        root.addSubcommand("reconcile", Commands.reconcileSpec());
        return root;
    }

    static CommandSpec command(String name, String... description) {
        var spec = withHelp(CommandSpec.create().name(name));
        spec.usageMessage().description(List.of(description).toArray(String[]::new));
        return spec;
    }

    /// `mixinStandardHelpOptions` would look for annotations by reflection, which a native image has not.
    private static CommandSpec withHelp(CommandSpec spec) {
        return spec.addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Shows this help and ends.")
                        .build())
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Shows the version and ends.")
                        .build());
    }

    private static String version() {
        var version = Meridian.class.getPackage().getImplementationVersion();
        return version == null ? "(development)" : version;
    }
}
