package dev.meridian.infra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Planted mistakes are found: those that no linter sees by a check of ours, the others by a linter or by us.
///
/// `-Dplants=all` plants all of them and runs the linters too, otherwise ten are planted.
class PlantsTest {
    private static final Path FOLDER = Path.of("target/plants");
    private static final boolean ALL = !System.getProperty("plants", "some").equals("some");

    /// Those of every run: one of each kind of file that nobody else reads.
    private static final Set<String> SOME =
            Set.of("20", "26", "31", "33", "34", "37", "48", "53", "55", "56", "86", "87", "88", "89");

    @Test
    void thereAreAllKindsAndTenOfOurs() {
        var numbers = new TreeSet<Integer>();
        Plants.all().forEach(plant -> numbers.add(Integer.parseInt(plant.name().substring(0, 2))));
        assertEquals(Plants.all().size(), numbers.size(), "each once");
        for (int i = 1; i <= 75; i++) assertTrue(numbers.contains(i), "no plant " + i);
        assertEquals(
                30,
                Plants.all().stream()
                        .filter(plant -> plant.ours() && plant.name().compareTo("66") < 0)
                        .count(),
                "that no linter finds");
    }

    @Test
    void plantedMistakesAreFound() throws Exception {
        var known = new HashMap<String, Set<Finding>>();
        var plants = Plants.all().stream()
                .filter(plant -> ALL || SOME.contains(plant.name().substring(0, 2)))
                .toList();
        var byLinters = ALL ? linters(plants) : Map.<String, Set<String>>of();
        var missed = new ArrayList<String>();
        for (var plant : plants) {
            var rules = new TreeSet<String>();
            var synthesis = place(plant);
            var before = known.computeIfAbsent(synthesis.name(), _ -> new HashSet<>(Checks.find(synthesis)));
            Checks.find(plant.in(synthesis)).stream()
                    .filter(finding -> !before.contains(finding))
                    .forEach(finding -> rules.add(finding.rule()));
            var lint = byLinters.getOrDefault(plant.name(), Set.of());
            boolean found = plant.ours() ? !rules.isEmpty() : !rules.isEmpty() || !lint.isEmpty();
            boolean unknown = !found && !plant.ours() && byLinters.isEmpty();
            System.out.printf("plant %-50s ours: %s, linters: %s%n", plant.name(), rules, lint);
            if (!found && !unknown) missed.add(plant.name());
        }
        System.out.printf(
                "%d of %d mistakes planted, %d missed%n",
                plants.size(), Plants.all().size(), missed.size());
        assertFalse(plants.size() < 10, "too few");
        assertEquals(List.of(), missed);
    }

    /// The default configuration, or another one for what that does not have.
    private static Synthesis place(Plant plant) {
        return Stream.of("default", "failover")
                .map(Syntheses::of)
                .filter(synthesis -> synthesis.resources(plant.type()).anyMatch(plant.where()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(plant.name() + ": no place for it, a " + plant.type()));
    }

    /// What the linters find in each plant: tool and rule. Empty when they cannot run here.
    private static Map<String, Set<String>> linters(List<Plant> plants) throws Exception {
        Syntheses.delete(FOLDER);
        for (var plant : plants) write(plant, plant.changed(place(plant)));
        var command = new ArrayList<>(List.of("judge/judge", "--partial", "--json", FOLDER + ".json"));
        plants.forEach(plant -> command.add(FOLDER.resolve(folder(plant)).toString()));
        Files.deleteIfExists(Path.of(FOLDER + ".json"));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        var report = Path.of(FOLDER + ".json");
        if (!Files.exists(report)) {
            System.out.println("SKIPPED: the linters do not run here\n" + output);
            return Map.of();
        }
        var found = new TreeMap<String, Set<String>>();
        for (var finding : Synthesis.JSON.readTree(report.toFile())) {
            plants.stream()
                    .filter(plant ->
                            folder(plant).equals(finding.path("synthesis").asText()))
                    .forEach(plant -> found.computeIfAbsent(plant.name(), name -> new TreeSet<>())
                            .add(finding.path("tool").asText() + " "
                                    + finding.path("rule").asText()));
        }
        return found;
    }

    private static void write(Plant plant, StackTemplate stack) throws IOException {
        var folder = Files.createDirectories(FOLDER.resolve(folder(plant)));
        Synthesis.JSON.writeValue(folder.resolve(stack.file()).toFile(), stack.template());
        var artifact = Map.of(
                "type",
                "aws:cloudformation:stack",
                "environment",
                "aws://" + StackTemplate.ACCOUNT + "/" + stack.region(),
                "properties",
                Map.of("templateFile", stack.file()));
        Synthesis.JSON.writeValue(
                folder.resolve("manifest.json").toFile(), Map.of("artifacts", Map.of(stack.id(), artifact)));
    }

    private static String folder(Plant plant) {
        return plant.name().replaceAll("[^A-Za-z0-9]+", "-");
    }
}
