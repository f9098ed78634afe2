package dev.meridian.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The Regions of MRSC tables: docs/data.md lists the Region sets, and every example of the documents and manifests
/// is three Regions of one of them.
class MrscRegionsTest {
    private static final Path DATA = Path.of("docs/data.md");
    private static final Pattern REGION = Pattern.compile("\\b(?:af|ap|ca|eu|il|me|mx|sa|us)-[a-z]+-\\d\\b");
    /// `| EU | Regions | example |`
    private static final Pattern SET = Pattern.compile("(?m)^\\| [A-Z]{2} \\|([^|]+)\\|([^|]+)\\|$");

    private record RegionSet(Set<String> regions, Set<String> example) {}

    private static Set<String> regions(String text) {
        return REGION.matcher(text)
                .results()
                .map(found -> found.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<RegionSet> sets() throws IOException {
        return SET.matcher(Files.readString(DATA))
                .results()
                .map(row -> new RegionSet(regions(row.group(1)), regions(row.group(2))))
                .toList();
    }

    private static boolean isPossible(Set<String> three) throws IOException {
        return three.size() == 3 && sets().stream().anyMatch(set -> set.regions.containsAll(three));
    }

    @Test
    void theSetsAreDisjointAndEachHasAPossibleExample() throws IOException {
        var all = new HashSet<String>();
        assertEquals(3, sets().size());
        for (var set : sets()) {
            assertTrue(set.regions.size() >= 3, set::toString);
            assertTrue(set.regions.stream().allMatch(all::add), set::toString);
            assertEquals(3, set.example.size(), set::toString);
            assertTrue(set.regions.containsAll(set.example), set::toString);
        }
    }

    /// A paragraph, a table row or a command that names a witness is an example.
    @Test
    void everyExampleIsThreeRegionsOfOneSet() throws IOException {
        var wrong = new ArrayList<String>();
        int examples = 0;
        for (var file : files()) {
            for (var part : Files.readString(file).split("\n\\s*\n|\n(?=\\|)")) {
                boolean isExample =
                        part.contains("witness") && !SET.matcher(part).find();
                if (!isExample || regions(part).isEmpty()) continue;
                examples++;
                if (!isPossible(regions(part))) wrong.add(file + ": " + part);
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(examples > 0, "no example was found");
    }

    /// The manifests are for MREC, and the documents that recommend MRSC say so.
    @Test
    void whereTheManifestsCannotHaveMrscTheDocumentsSayIt() throws IOException {
        try (var overlays = Files.list(Path.of("k8s/overlays"))) {
            var pair = overlays.map(overlay -> overlay.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(2, pair.size());
            assertFalse(
                    sets().stream().anyMatch(set -> set.regions.containsAll(pair)),
                    "they can have it now: change data.md and deployment.md");
            for (var document : List.of(DATA, Path.of("docs/deployment.md"))) {
                assertTrue(
                        Files.readString(document)
                                .lines()
                                .anyMatch(line -> line.contains("manifests")
                                        && regions(line).equals(pair)),
                        document::toString);
            }
        }
    }

    private static List<Path> files() throws IOException {
        var files = new ArrayList<Path>(List.of(Path.of("README.md")));
        for (var folder : List.of("docs", "k8s", "infra")) {
            try (var found = Files.walk(Path.of(folder))) {
                found.filter(file -> !file.startsWith("infra/target")
                                && file.toString().matches(".*\\.(md|json|ya?ml|env)"))
                        .forEach(files::add);
            }
        }
        return files;
    }
}
