package dev.meridian.infra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// The syntheses of all tests of a JVM: each configuration once. They stay in `target/synthesis` for the linters.
final class Syntheses {
    private static final Path FOLDER = Path.of("target/synthesis");
    private static final Map<String, Synthesis> DONE = new LinkedHashMap<>();
    private static final Map<String, Config> CONFIGS = new HashMap<>();
    /// Why one of them cannot be made: it is not tried again for each test.
    private static AssertionError refused;

    private Syntheses() {}

    /// All five, by name.
    static synchronized Collection<Synthesis> five() {
        if (refused != null) throw refused;
        if (DONE.isEmpty()) make();
        return DONE.values();
    }

    private static void make() {
        try {
            Configurations.five().forEach((name, yaml) -> {
                long started = System.nanoTime();
                var config = Config.parse(yaml);
                CONFIGS.put(name, config);
                var synthesis = synthesize(name, config, FOLDER.resolve(name));
                DONE.put(name, synthesis);
                System.out.printf(
                        "synthesis %s: %d stacks, %d resources, %.1f s%n",
                        name,
                        synthesis.stacks().size(),
                        synthesis.resources().count(),
                        (System.nanoTime() - started) / 1e9);
            });
        } catch (RuntimeException e) {
            refused = new AssertionError("a synthesis is refused", e);
            throw refused;
        }
    }

    static Synthesis of(String name) {
        return five().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static Config config(String name) {
        five();
        return CONFIGS.get(name);
    }

    /// One more, not among the five.
    static Synthesis synthesize(String name, Config config, Path folder) {
        delete(folder);
        Platform.synth(config, folder);
        return Synthesis.read(name, folder, config.regionNames());
    }

    static void delete(Path folder) {
        if (!Files.exists(folder)) return;
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
