package dev.meridian.retention;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/// When something that was written may be erased: not before every Region has it.
@ApplicationScoped
public class EraseDelay {
    private final RetentionConfig config;

    EraseDelay(RetentionConfig config) {
        this.config = config;
    }

    /// What was written before this time may be erased.
    public Instant before(Instant now) {
        return now.minus(config.eraseAfter());
    }
}
