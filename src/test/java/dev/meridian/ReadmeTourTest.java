package dev.meridian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.testing.Http;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Runs the tour of the README: each command in a shell, and each expected part in its output.
@QuarkusTest
@ComponentTest
class ReadmeTourTest {
    private static final String MARK = "<!-- tour";

    record Step(String command, String expected) {}

    @Test
    void everyCommandOfTheTourWorks() throws Exception {
        var steps = steps();
        assertTrue(steps.size() >= 20, "the tour has only " + steps.size() + " steps");
        for (var step : steps) {
            var answer = run("store=" + Http.uri("") + "\n" + step.command());
            assertTrue(
                    answer.contains(step.expected()),
                    () -> step.command() + "\nshould answer with " + step.expected() + " but answered\n" + answer);
        }
        System.out.printf("README tour: %d commands ran%n", steps.size());
    }

    private static List<Step> steps() throws Exception {
        var readme = Files.readString(Path.of("README.md"));
        var block = readme.substring(readme.indexOf(MARK));
        block = block.substring(block.indexOf("```sh\n") + 6);
        block = block.substring(0, block.indexOf("```"));
        var steps = new ArrayList<Step>();
        var command = new StringBuilder();
        for (var line : block.lines().toList()) {
            if (line.startsWith("#> ")) {
                steps.add(new Step(command.toString(), line.substring(3)));
                command.setLength(0);
            } else if (!line.startsWith("#") && !line.startsWith("store=") && !line.isBlank()) {
                command.append(line).append('\n');
            }
        }
        assertEquals("", command.toString(), "a command of the tour has no expected answer");
        return steps;
    }

    private static String run(String script) throws Exception {
        var process = new ProcessBuilder("bash", "-c", script)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        var output = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "does not end: " + script);
        assertEquals(0, process.exitValue(), script + "\n" + output);
        return output;
    }
}
