package dev.meridian.shared;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Documents that are generated from the code and committed with it.
public final class Generated {
    private Generated() {}

    /// Fails when the file differs from the generated text, after updating the file.
    public static void check(Path file, String text) throws IOException {
        var old = Files.exists(file) ? Files.readString(file) : "";
        if (old.equals(text)) return;
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        fail(file + " did not match the code. It was written anew: look at the difference and commit it.");
    }
}
