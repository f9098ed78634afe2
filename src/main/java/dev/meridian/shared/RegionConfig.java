package dev.meridian.shared;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import jakarta.validation.constraints.Pattern;

/// Which Region this process runs in: `MERIDIAN_REGION`, else `AWS_REGION`.
@ConfigMapping(prefix = "meridian.region")
public interface RegionConfig {
    /// The name of the Region, `eu-west-1`. In every answer (`X-Region`), log line, metric and item that this process
    /// writes.
    @WithParentName
    @Pattern(regexp = "[a-z0-9-]{1,32}")
    String name();
}
