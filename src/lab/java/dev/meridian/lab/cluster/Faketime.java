package dev.meridian.lab.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/// libfaketime, a library of Debian that changes the wall clock of a process. Its steady clock, which timeouts
/// use, stays as it is: so it is on a machine whose time is wrong.
public final class Faketime {
    private static final Path LIBRARIES = Path.of("/usr/lib");
    private static final Optional<Path> LIBRARY = find();

    private Faketime() {}

    private static Optional<Path> find() {
        try (var files = Files.find(LIBRARIES, 3, (path, _) -> path.endsWith("faketime/libfaketimeMT.so.1"))) {
            return files.min(Comparator.naturalOrder());
        } catch (IOException | UncheckedIOException _) {
            return Optional.empty();
        }
    }

    /// Whether it is installed here (`apt-get install libfaketime`).
    public static boolean isInstalled() {
        return LIBRARY.isPresent();
    }

    /// The variables of a process whose clock is ahead by this; none when it is right.
    static Map<String, String> variables(Duration ahead) {
        if (ahead.isZero()) return Map.of();
        return Map.of(
                "LD_PRELOAD",
                LIBRARY.orElseThrow().toString(),
                "FAKETIME",
                "%+.3fs".formatted(ahead.toMillis() / 1000.0),
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                "NO_FAKE_STAT",
                "1");
    }
}
