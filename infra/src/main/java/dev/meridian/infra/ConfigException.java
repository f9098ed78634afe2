package dev.meridian.infra;

import java.util.List;

/// A configuration that cannot be used: one sentence for each reason.
public final class ConfigException extends RuntimeException {
    private final List<String> sentences;

    ConfigException(List<String> sentences) {
        super(String.join("\n", sentences), null, false, false);
        this.sentences = List.copyOf(sentences);
    }

    /// Why.
    public List<String> sentences() {
        return sentences;
    }
}
