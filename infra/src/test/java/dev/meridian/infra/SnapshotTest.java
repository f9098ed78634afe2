package dev.meridian.infra;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What the default configuration makes, in files that a review can read. `-Dgolden=write` writes them anew.
class SnapshotTest {
    private static final Path FOLDER = Path.of("src/test/golden");

    /// A line that changes here is a resource that CloudFormation replaces: data, an address or a log is lost.
    @Test
    void nothingStatefulIsReplaced() throws Exception {
        var lines = new ArrayList<String>();
        for (var stack : Syntheses.of("default").stacks()) {
            stack.resources()
                    .filter(Stateful::isStateful)
                    .forEach(resource -> lines.add(stack.name() + " " + resource.id() + " " + resource.type() + " "
                            + Stateful.identity(resource)));
        }
        assertGolden("stateful.txt", lines.stream().sorted().toList());
    }

    @Test
    void stacksAndTheirResourcesAreThese() throws Exception {
        var lines = new ArrayList<String>();
        for (var stack : Syntheses.of("default").stacks()) {
            lines.add(stack.name() + " in " + stack.region() + (stack.protection() ? ", protected" : ""));
            var counts = new TreeMap<String, Integer>();
            stack.resources().forEach(resource -> counts.merge(resource.type(), 1, Integer::sum));
            counts.forEach((type, count) -> lines.add("    " + count + " " + type));
        }
        assertGolden("resources.txt", lines);
    }

    @Test
    void alarmsAndDashboardsReadTheseMetricsOfTheService() throws Exception {
        var names = new TreeSet<String>();
        for (var synthesis : Syntheses.five())
            ContractChecks.metrics(synthesis).forEach(metric -> names.add(metric.name()));
        assertGolden("service-metrics.txt", List.copyOf(names));
    }

    private static void assertGolden(String name, List<String> lines) throws IOException {
        var file = FOLDER.resolve(name);
        if (System.getProperty("golden", "compare").equals("write")) {
            Files.createDirectories(FOLDER);
            Files.write(file, lines);
        }
        assertEquals(String.join("\n", Files.readAllLines(file)), String.join("\n", lines), name);
    }
}
