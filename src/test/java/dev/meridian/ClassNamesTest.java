package dev.meridian;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A class name is unique in the repository.
class ClassNamesTest {
    private static final Pattern TOP_LEVEL =
            Pattern.compile("^(?:[a-z-]+ )*(?:class|record|enum|@?interface) (?<name>\\w+)", Pattern.MULTILINE);

    /// Simple names of top-level classes that occur in more than one file, with these files.
    private static Map<String, TreeSet<String>> doubles(Path... roots) throws IOException {
        var files = new TreeMap<String, TreeSet<String>>();
        for (var root : roots) {
            try (var all = Files.walk(root)) {
                for (var file :
                        all.filter(path -> path.toString().endsWith(".java")).toList()) {
                    TOP_LEVEL
                            .matcher(Files.readString(file))
                            .results()
                            .forEach(type -> files.computeIfAbsent(type.group("name"), _ -> new TreeSet<>())
                                    .add(file.toString()));
                }
            }
        }
        files.values().removeIf(found -> found.size() < 2);
        return files;
    }

    @Test
    void noTwoClassesHaveTheSameName() throws IOException {
        assertEquals(Map.of(), doubles(Path.of("src"), Path.of("bench")));
    }

    @Test
    void aSecondClassOfANameIsFound(@TempDir Path dir) throws IOException {
        Files.createDirectories(dir.resolve("a/b"));
        Files.writeString(dir.resolve("a/Lamp.java"), "package a;\n\npublic final class Lamp {}\n");
        Files.writeString(
                dir.resolve("a/b/Lamp.java"), "package a.b;\n\nrecord Lamp(int watts) {\n    enum Rope {}\n}\n");
        Files.writeString(dir.resolve("a/Rope.java"), "package a;\n\n@Deprecated\nsealed interface Rope {}\n");
        assertEquals(List.of("Lamp"), List.copyOf(doubles(dir).keySet()));
    }
}
