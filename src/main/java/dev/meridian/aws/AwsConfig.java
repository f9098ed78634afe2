package dev.meridian.aws;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/// The AWS credentials of this process. Where they come from is said by the variables that AWS sets, `AWS_…`.
@ConfigMapping(prefix = "meridian.aws")
public interface AwsConfig {
    /// Whether this process has AWS credentials. The command `migrate` has none.
    @WithDefault("true")
    boolean enabled();

    /// Longest wait for the source of the credentials to answer.
    @WithDefault("10s")
    @DurationMin(millis = 100)
    Duration timeout();

    /// Longest wait for the first credentials at start, before anything else; then the start goes on without.
    @WithDefault("500ms")
    Duration startWait();

    /// How long a process without credentials is not ready after its start; then it is, and its calls to
    /// DynamoDB are answered with 503.
    @WithDefault("5s")
    Duration readyWithin();
}
