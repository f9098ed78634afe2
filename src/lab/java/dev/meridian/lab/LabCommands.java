package dev.meridian.lab;

import dev.meridian.lab.fault.Fault;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The commands of the lab, their options and their `--help` text.
final class LabCommands {
    private LabCommands() {}

    static CommandSpec all() {
        var root = command(
                "lab",
                "Two Regions of Meridian on this machine: services, stores, replication, a router, faults.",
                "Everything listens on loopback and ends with the command.");
        root.addSubcommand("page", pageSpec());
        root.addSubcommand("drill", drillSpec());
        root.addSubcommand("schedules", schedulesSpec());
        root.addSubcommand("steady", steadySpec());
        root.usageMessage()
                .footer(
                        "",
                        "Exit codes: 0 all is well, 1 a promise is broken, 2 wrong usage, 3 the lab itself failed.");
        return root;
    }

    private static CommandSpec pageSpec() {
        var spec = command("page", "Starts the lab and a page to watch it and to break things.");
        spec.addOption(number("--port", "Port of the page; any free one by default."));
        spec.addOption(OptionSpec.builder("--rate")
                .paramLabel("N")
                .type(double.class)
                .description("Requests a second that the clients make together (60).")
                .build());
        spec.addOption(number("--lag", "Replication lag of DynamoDB, milliseconds (300)."));
        spec.addOption(flag("--mrsc", "The order journal is one strongly consistent table."));
        return seeded(distant(spec));
    }

    private static CommandSpec drillSpec() {
        var spec = command(
                "drill",
                "A scripted failover under steady load, measured: RTO, RPO, lag, latency.",
                "Writes target/lab/drill.html and target/lab/drill.json.");
        spec.addOption(number(
                "--seconds", "Seconds of each phase: all is well, after the failover, after the failback (30)."));
        spec.addOption(flag("--quick", "Phases of 6 seconds."));
        spec.addOption(flag("--lose-region", "Lose the whole Region of the SQL writer, not just the writer."));
        spec.addOption(number("--promote-after", "With --lose-region: seconds until the standby is promoted (10)."));
        for (var kind : new String[] {"orders", "reads"}) {
            spec.addOption(OptionSpec.builder("--" + kind)
                    .paramLabel("N")
                    .type(double.class)
                    .description("Steady " + kind + " a second (" + (kind.equals("orders") ? 10 : 20) + ").")
                    .build());
        }
        return seeded(distant(spec));
    }

    private static CommandSpec schedulesSpec() {
        var spec = command(
                "schedules",
                "Runs random workloads and faults, each from a seed, and prints a table.",
                "Appends each result to a file, with the commit and the seed, and prints its sums for this commit.");
        spec.addOption(OptionSpec.builder("--from")
                .paramLabel("SEED")
                .type(long.class)
                .description("The first seed (1); the others follow.")
                .build());
        spec.addOption(number("--count", "How many (1)."));
        spec.addOption(OptionSpec.builder("--results")
                .paramLabel("FILE")
                .type(String.class)
                .description("The file (target/lab/schedules.jsonl), one JSON object in a line for each schedule.")
                .build());
        spec.addOption(OptionSpec.builder("--with")
                .paramLabel("FAULT")
                .type(List.class)
                .auxiliaryTypes(Fault.class)
                .arity("1")
                .description(
                        "A fault that each schedule gets besides its own, such as THROTTLE_DYNAMO; may be repeated.")
                .build());
        return distant(spec);
    }

    private static CommandSpec steadySpec() {
        var spec = command(
                "steady",
                "Steady load for long, a fault at regular times, each healed after a quarter of that time.",
                "Says whether memory and open orders are flat, and checks all promises at the end.");
        spec.addOption(number("--minutes", "How long (60)."));
        spec.addOption(number("--every", "Seconds from one fault to the next (120)."));
        spec.addOption(OptionSpec.builder("--rate")
                .paramLabel("N")
                .type(double.class)
                .description("Requests a second that the clients make together (8).")
                .build());
        return seeded(distant(spec));
    }

    private static CommandSpec distant(CommandSpec spec) {
        spec.addOption(flag(
                "--identity",
                "Customers prove who they are: an OpenID provider, and a machine's token for the clients."));
        return spec.addOption(number(
                "--rtt",
                "Round trip between the Regions, milliseconds (" + LabOptions.ROUND_TRIP.toMillis() + "); 0: none."));
    }

    private static OptionSpec number(String name, String description) {
        return OptionSpec.builder(name)
                .paramLabel("N")
                .type(int.class)
                .description(description)
                .build();
    }

    private static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name)
                .type(boolean.class)
                .description(description)
                .build();
    }

    private static CommandSpec seeded(CommandSpec spec) {
        return spec.addOption(OptionSpec.builder("--seed")
                .paramLabel("SEED")
                .type(long.class)
                .description("The same seed makes the same choices again.")
                .build());
    }

    private static CommandSpec command(String name, String... description) {
        var spec = CommandSpec.create().name(name);
        spec.usageMessage().description(description);
        return spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Shows this help and ends.")
                .build());
    }
}
