package dev.meridian.scoreimport;

import dev.meridian.startup.SampleLoader;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/// 500 scores of invented players, imported once under a fixed id. Later starts find that import with one call.
@ApplicationScoped
class SampleScores implements SampleLoader {
    private static final String FILE = "/sample-data/scores.csv";
    private static final String IMPORT_ID = "sample-scores-1";

    private final ScoreImport imports;

    SampleScores(ScoreImport imports) {
        this.imports = imports;
    }

    @Override
    public String what() {
        return "scores";
    }

    @Override
    public Uni<Integer> load() {
        try (var file = Objects.requireNonNull(SampleScores.class.getResourceAsStream(FILE), FILE)) {
            return imports.runOnce(file.readAllBytes(), IMPORT_ID);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
