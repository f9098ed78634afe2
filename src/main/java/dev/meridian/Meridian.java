package dev.meridian;

import dev.meridian.recovery.RecoveryService;
import dev.meridian.sql.Migration;
import dev.meridian.startup.DnsCacheTtl;
import dev.meridian.startup.RequiredSettings;
import io.quarkus.arc.Arc;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.List;
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

    static void main(String... args) {
        DnsCacheTtl.limit();
        // Quarkus would answer a malformed target with a bare 400; http.HttpLimits answers with a problem.
        System.setProperty("vertx.disableURIValidation", "true");
        var spec = commands();
        var line = new CommandLine(spec);
        final ParseResult parsed;
        try {
            parsed = line.parseArgs(args);
        } catch (CommandLine.ParameterException e) {
            line.getErr().println(e.getMessage());
            e.getCommandLine().usage(line.getErr());
            System.exit(USAGE);
            return;
        }
        if (CommandLine.printHelpIfRequested(parsed)) {
            System.exit(OK);
        }
        if (command(parsed).equals("health")) {
            System.exit(HealthProbe.run(System.getenv()));
        }
        if (command(parsed).equals("reconcile")) {
            // Needs no configuration and no application: two addresses are all.
            System.exit(Commands.reconcile(parsed.subcommand(), line.getOut(), line.getErr()));
        }
        var missing = RequiredSettings.missing();
        if (!missing.isEmpty()) {
            missing.forEach(line.getErr()::println);
            System.exit(NOT_CONFIGURED);
        }
        if (!command(parsed).equals("serve")) {
            // A command is no server: it opens no port and leaves the start-up work to the servers.
            System.setProperty("quarkus.http.host-enabled", "false");
            System.setProperty("quarkus.management.host-enabled", "false");
            System.setProperty("quarkus.shutdown.delay", "0");
            System.setProperty("meridian-serve", "false");
            System.setProperty("meridian.settler.enabled", "false");
            System.setProperty("meridian.heartbeat.enabled", "false");
        }
        if (command(parsed).equals("migrate")) {
            System.setProperty("quarkus.datasource.active", "true");
            System.setProperty("quarkus.flyway.active", "true");
        }
        Quarkus.run(Meridian.class, args);
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
            default -> {
                Quarkus.waitForExit();
                return OK;
            }
        }
    }

    private static String command(ParseResult parsed) {
        return parsed.hasSubcommand() ? parsed.subcommand().commandSpec().name() : "serve";
    }

    private static CommandSpec commands() {
        var root = withHelp(CommandSpec.create().name("meridian"));
        root.version("Meridian " + version());
        root.usageMessage()
                .description("A store that stays open when a cloud Region does not.")
                .footer("", "Configuration: environment variables and system properties, see docs/configuration.md.");
        root.addSubcommand("serve", command("serve", "Serves the store (the default)."));
        root.addSubcommand(
                "migrate", command("migrate", "Brings the SQL schema up to date on the writer, once per deployment."));
        root.addSubcommand(
                "health",
                command("health", "Asks the server on this host whether it lives; 0 is yes. For containers."));
        root.addSubcommand("settle", Commands.settleSpec());
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
