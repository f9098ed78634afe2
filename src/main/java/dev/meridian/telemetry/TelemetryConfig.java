package dev.meridian.telemetry;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/// What traces say about this process.
@ConfigMapping(prefix = "meridian.telemetry")
public interface TelemetryConfig {
    /// The CloudWatch log groups of this process, by which X-Ray finds the log lines of a trace.
    Optional<List<String>> logGroups();
}
