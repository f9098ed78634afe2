package dev.meridian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// docs/data.md names the tests that check its promises: they exist, and each promise has one.
class DocumentedTestsTest {
    /// A class, and after it `#method`s of it, alone or in code of their own. `#regions` and the like are keys.
    private static final Pattern REFERENCE =
            Pattern.compile("`(?<type>[A-Z]\\w*(?:Test|IT))?(?:#(?<method>[a-z]+[A-Z]\\w*))?`");

    private static final Pattern HEADING = Pattern.compile("(?m)^(?=##+ )");

    /// Sections without a promise of their own.
    private static final List<String> NO_PROMISES = List.of("Laws of nature");

    private static String data() throws IOException {
        return Files.readString(Path.of("docs/data.md"));
    }

    private static Map<String, String> tests() throws IOException {
        var sources = new HashMap<String, String>();
        for (var root : List.of("src/test/java", "infra/src/test/java")) {
            try (var files = Files.walk(Path.of(root))) {
                for (var file :
                        files.filter(f -> f.toString().endsWith(".java")).toList())
                    sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
            }
        }
        return sources;
    }

    /// The references of a text to what does not exist.
    private static TreeSet<String> missing(String text, Map<String, String> tests) {
        var missing = new TreeSet<String>();
        var type = "";
        for (var found : REFERENCE.matcher(text).results().toList()) {
            if (found.group("type") != null) type = found.group("type");
            var method = found.group("method");
            if (found.group("type") == null && method == null) continue;
            var source = tests.getOrDefault(type, "");
            boolean exists = method == null ? !source.isEmpty() : source.contains("void " + method + "(");
            if (!exists) missing.add(method == null ? type : type + "#" + method);
        }
        return missing;
    }

    private static boolean namesATest(String text) {
        return REFERENCE.matcher(text).results().anyMatch(found -> found.group("type") != null);
    }

    @Test
    void theTestsThatAreNamedExist() throws IOException {
        var tests = tests();
        assertEquals(new TreeSet<>(), missing(data(), tests));
        assertEquals(
                new TreeSet<>(List.of("DocumentedTestsTest#isGone", "GoneTest", "GoneTest#isGoneToo")),
                missing(
                        "`DocumentedTestsTest` (`#theTestsThatAreNamedExist`, `#isGone`), `GoneTest`, `#isGoneToo`, `#writer`",
                        tests));
    }

    @Test
    void everyPromiseNamesATest() throws IOException {
        var data = data();
        var promises =
                data.substring(data.indexOf("\n## What each table promises"), data.indexOf("\n## What a call costs"));
        var sections = HEADING.split(promises);
        assertTrue(sections.length > 12, () -> "only " + sections.length + " sections");
        for (var section : sections) {
            var title = section.lines().findFirst().orElse("");
            if (!section.isBlank() && NO_PROMISES.stream().noneMatch(title::endsWith))
                assertTrue(namesATest(section), title);
        }
        var rows = Arrays.stream(promises.split("\n### ")[0].split("\n"))
                .filter(line -> line.startsWith("| `"))
                .toList();
        assertEquals(11, rows.size());
        for (var row : rows) assertTrue(namesATest(row.substring(row.lastIndexOf(" | ", row.length() - 3))), row);
    }
}
