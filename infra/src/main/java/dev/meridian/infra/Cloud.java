package dev.meridian.infra;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The command `./cloud`. None of its subcommands needs an AWS account.
///
/// Exit codes: 0 all is well, 1 something was found, 2 wrong usage or a configuration that is refused, 3
/// it could not be done.
@Command(
        name = "cloud",
        mixinStandardHelpOptions = true,
        version = "cloud 1",
        description = "The infrastructure of Meridian, from infra/meridian.yaml.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:All is well.",
            "1:Something was found.",
            "2:Wrong usage, or the configuration is refused.",
            "3:It could not be done."
        },
        subcommands = {Cloud.Check.class, Cloud.Synth.class, Cloud.Cost.class, Cloud.Deployment.class})
final class Cloud implements Callable<Integer> {
    static final int FOUND = 1;
    static final int REFUSED = 2;
    static final int FAILED = 3;

    @Spec
    private CommandSpec spec;

    /// Runs a command and ends the process with its code.
    public static void main(String[] arguments) {
        System.exit(run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), arguments));
    }

    /// Runs a command.
    ///
    /// @return the exit code
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return new CommandLine(new Cloud())
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler((failure, _, _) -> {
                    err.println(failure.getMessage());
                    return switch (failure) {
                        case ConfigException _ -> REFUSED;
                        case RefusedException _ -> FOUND;
                        default -> FAILED;
                    };
                })
                .execute(arguments);
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return REFUSED;
    }

    /// What all commands take.
    static final class Input {
        @Option(
                names = "--config",
                paramLabel = "FILE",
                defaultValue = "infra/meridian.yaml",
                description = "The configuration; default: ${DEFAULT-VALUE}.")
        private Path file;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Spec(Spec.Target.MIXEE)
        private CommandSpec spec;

        Config config() {
            return Config.read(file);
        }

        PrintWriter out() {
            return spec.commandLine().getOut();
        }

        void json(Object value) {
            try {
                out().println(new ObjectMapper()
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsString(value));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }

        /// Synthesizes into a directory that is removed afterwards.
        <T> T synthesized(Config config, Function<Path, T> then) {
            try {
                var directory = Files.createTempDirectory("meridian-cloud");
                try {
                    return then.apply(directory);
                } finally {
                    remove(directory);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void remove(Path directory) throws IOException {
            try (var files = Files.walk(directory)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
            }
        }
    }

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = {
                "Reads the configuration, makes all templates and lets CDK's rules and cdk-nag judge them.",
                "infra/judge judges the templates with two linters besides; the gate runs it."
            })
    static final class Check implements Callable<Integer> {
        @Mixin
        private Input input;

        @Override
        public Integer call() {
            var config = input.config();
            return input.synthesized(config, directory -> {
                try {
                    Platform.synth(config, directory);
                } catch (RefusedException e) {
                    if (input.json) input.json(PlatformStack.map("good", false, "findings", e.findings()));
                    else e.findings().forEach(input.out()::println);
                    return FOUND;
                }
                var templates = Templates.read(directory);
                if (input.json) {
                    input.json(PlatformStack.map(
                            "good", true,
                            "findings", List.of(),
                            "stacks", templates.stacks().size(),
                            "resources", templates.resources()));
                } else {
                    input.out()
                            .printf(
                                    "%s: %d Regions, %d stacks, %d resources, no finding.%n",
                                    config.name(),
                                    config.regions().size(),
                                    templates.stacks().size(),
                                    templates.resources());
                }
                return 0;
            });
        }
    }

    @Command(name = "synth", mixinStandardHelpOptions = true, description = "Writes the templates.")
    static final class Synth implements Callable<Integer> {
        @Mixin
        private Input input;

        @Option(
                names = "--out",
                paramLabel = "DIR",
                defaultValue = "${env:CDK_OUTDIR:-infra/target/cdk.out}",
                description = "Where to; default: infra/target/cdk.out.")
        private Path out;

        @Option(names = "--quiet", description = "Print nothing.")
        private boolean quiet;

        @Override
        public Integer call() {
            Platform.synth(input.config(), out);
            var templates = Templates.read(out);
            if (input.json) {
                input.json(PlatformStack.map(
                        "directory", out.toString(),
                        "stacks", List.copyOf(templates.stacks().keySet()),
                        "resources", templates.resources()));
            } else if (!quiet) {
                templates
                        .stacks()
                        .forEach((id, template) -> input.out()
                                .printf(
                                        "%-28s %4d resources%n",
                                        id, template.path("Resources").size()));
                input.out().println(out);
            }
            return 0;
        }
    }

    @Command(
            name = "cost",
            mixinStandardHelpOptions = true,
            description = "What it costs a month by list prices (infra/cost.yaml). Exit code 1: more than the budget.")
    static final class Cost implements Callable<Integer> {
        @Mixin
        private Input input;

        @Override
        public Integer call() {
            var config = input.config();
            var lines = input.synthesized(config, directory -> {
                Platform.synth(config, directory);
                return Costs.of(config, Templates.read(directory));
            });
            var total = Costs.total(lines);
            var budget = config.options().budget();
            if (input.json) {
                input.json(PlatformStack.map(
                        "currency",
                        "USD",
                        "lines",
                        lines,
                        "parts",
                        Costs.byPart(lines),
                        "total",
                        Math.round(total),
                        "budget",
                        budget));
            } else {
                print(lines, total, budget);
            }
            return total > budget ? FOUND : 0;
        }

        private void print(List<Costs.Line> lines, double total, int budget) {
            var out = input.out();
            Costs.byPart(lines).forEach((part, usd) -> {
                out.printf("%-12s %38s %9.2f%n", part, "", usd);
                lines.stream()
                        .filter(line -> line.part().equals(part))
                        .forEach(line -> out.printf(
                                "  %-44s %14.2f x %s = %.2f%n",
                                line.item(), line.quantity(), line.price(), line.usd()));
            });
            out.printf("%-12s %38s %9.2f USD a month; the budget is %d.%n", "all", "", total, budget);
            out.println("List prices of us-east-1; infra/cost.yaml says when each was seen, and the load it is for.");
        }
    }

    @Command(
            name = "plan",
            mixinStandardHelpOptions = true,
            description = {
                "What a first deployment does, in which order, how long it takes, and what cannot be undone.",
                "It asks no account, so it does not know what exists."
            })
    static final class Deployment implements Callable<Integer> {
        @Mixin
        private Input input;

        @Override
        public Integer call() {
            var config = input.config();
            var plan = input.synthesized(config, directory -> Plan.of(config, Platform.steps(config, directory)));
            if (input.json) {
                input.json(plan.toMap());
                return 0;
            }
            var out = input.out();
            plan.before().forEach(text -> out.println("before: " + text));
            for (var stage : plan.stages()) {
                out.printf(
                        "%d. about %d minutes: %s%n",
                        stage.number(), stage.minutes(), String.join(", ", stage.stacks()));
                stage.then().forEach(text -> out.println("   then: " + text));
                stage.lasting().forEach(text -> out.println("   for good: " + text));
            }
            out.printf("About %d minutes without what people do.%n", plan.minutes());
            return 0;
        }
    }
}
