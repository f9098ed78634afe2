package dev.meridian.infra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command `./cloud`: what it says, in text and JSON, and its exit codes.
class CloudTest {
    private record Run(int code, String out, String err) {
        JsonNode json() throws Exception {
            return Synthesis.JSON.readTree(out);
        }
    }

    private static Run run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Cloud.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Run(code, out.toString(), err.toString());
    }

    private static String bare(Path folder) throws Exception {
        var file = folder.resolve("bare.yaml");
        Files.writeString(file, Configurations.five().get("bare"));
        return file.toString();
    }

    @Test
    void helpNamesEveryCommandAndExitCode() {
        var help = run("--help");
        assertEquals(0, help.code());
        for (var word : new String[] {"check", "synth", "cost", "plan", "Exit codes"}) {
            assertTrue(help.out().contains(word), help.out());
        }
        for (var command : new String[] {"check", "synth", "cost", "plan"})
            assertEquals(0, run(command, "--help").code());
        assertEquals(2, run().code());
        assertEquals(2, run("deploy").code());
    }

    @Test
    void aConfigurationThatIsRefusedIsToldWithCode2(@TempDir Path folder) throws Exception {
        var file = folder.resolve("wrong.yaml");
        Files.writeString(file, Configurations.with("edge: {rate: 1}"));
        for (var command : new String[] {"check", "cost", "plan", "synth"}) {
            var run = run(command, "--config", file.toString());
            assertEquals(2, run.code(), command);
            assertTrue(run.err().contains("edge.rate must be between"), run.err());
        }
        assertEquals(
                2,
                run("check", "--config", folder.resolve("none.yaml").toString()).code());
    }

    @Test
    void checkFindsNothing(@TempDir Path folder) throws Exception {
        var run = run("check", "--json", "--config", bare(folder));
        assertEquals(0, run.code(), run.out());
        assertTrue(run.json().path("good").asBoolean());
        assertEquals(
                Syntheses.of("bare").stacks().size(), run.json().path("stacks").asInt());
    }

    @Test
    void costIsTheSumOfItsPartsAndSaysWhenItIsTooMuch(@TempDir Path folder) throws Exception {
        var run = run("cost", "--json", "--config", bare(folder));
        double sum = 0;
        for (var part : run.json().path("parts")) sum += part.asDouble();
        assertTrue(sum > 100, run.out());
        assertEquals(run.json().path("total").asDouble(), sum, 1);
        assertEquals(sum > run.json().path("budget").asDouble() ? 1 : 0, run.code());
        var poor = folder.resolve("poor.yaml");
        Files.writeString(poor, Configurations.five().get("bare").replaceAll("budget: \\d+", "budget: 1"));
        assertEquals(1, run("cost", "--config", poor.toString()).code());
    }

    @Test
    void planHasEveryStackOnceAndInOrder(@TempDir Path folder) throws Exception {
        var run = run("plan", "--json", "--config", bare(folder));
        assertEquals(0, run.code(), run.err());
        var seen = new HashSet<String>();
        for (var stage : run.json().path("stages")) {
            for (var stack : stage.path("stacks")) {
                assertTrue(seen.add(stack.asText()), stack + " twice");
            }
            for (var stack : stage.path("stacks")) {
                for (var needed : Syntheses.of("bare").stack(id(stack.asText())).dependencies()) {
                    assertTrue(seen.stream().anyMatch(done -> id(done).equals(needed)), stack + " before " + needed);
                }
            }
        }
        var all = new HashSet<String>();
        Syntheses.of("bare").stacks().forEach(stack -> all.add(stack.id()));
        var planned = new HashSet<String>();
        seen.forEach(stack -> planned.add(id(stack)));
        assertEquals(Set.copyOf(all), planned);
    }

    /// The stages of the guide are those of the default configuration; `+` are parts that it does not have.
    @Test
    void theGuideHasTheStagesOfThePlan() throws Exception {
        var rows = new LinkedHashMap<String, String>();
        for (var line : Files.readAllLines(Path.of("../docs/cloud/README.md"))) {
            var cells = line.split(" \\| ");
            if (cells.length != 4 || !cells[0].matches("\\| (\\d+|\\+)")) continue;
            for (var part : cells[1].split(", ")) rows.put(part.replace("`", ""), cells[0].substring(2));
        }
        var planned = new LinkedHashMap<String, String>();
        for (var part : Part.values()) planned.put(part.id(), "+");
        for (var stage : run("plan", "--json", "--config", Configurations.FILE.toString())
                .json()
                .path("stages")) {
            for (var stack : stage.path("stacks")) {
                planned.put(
                        stack.asText().replaceAll("-.*", ""),
                        stage.path("stage").asText());
            }
        }
        assertEquals(planned, rows);
    }

    @Test
    void planCountsItsStagesWithoutAGap(@TempDir Path folder) throws Exception {
        int expected = 1;
        var plan = run("plan", "--json", "--config", bare(folder)).json();
        assertTrue(plan.at("/before/0").asText().contains("eu-west-1, us-east-1"), plan.toString());
        for (var stage : plan.path("stages")) {
            assertEquals(expected++, stage.path("stage").asInt());
        }
        assertTrue(expected > 5);
    }

    /// As an operator starts it: neither jsii nor CDK says anything besides.
    @Test
    void theScriptPrintsItsAnswerAndNothingElse(@TempDir Path folder) throws Exception {
        var paths = Path.of("target/cloud-classpath");
        var before = Files.exists(paths) ? Files.readAllBytes(paths) : null;
        // The script would compile again, into the classes that run here.
        Files.writeString(paths, System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        try {
            var err = folder.resolve("err");
            var process = new ProcessBuilder("../cloud", "check", "--config", bare(folder))
                    .redirectError(err.toFile())
                    .start();
            var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), out);
            assertEquals("", Files.readString(err));
            assertTrue(out.matches("meridian: 2 Regions, \\d+ stacks, \\d+ resources, no finding\\.\n"), out);
        } finally {
            if (before == null) Files.delete(paths);
            else Files.write(paths, before);
        }
    }

    private static String id(String stack) {
        return stack.startsWith("meridian-") ? stack.substring("meridian-".length()) : stack;
    }
}
