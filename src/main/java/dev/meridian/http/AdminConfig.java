package dev.meridian.http;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/// Access to the admin calls.
@ConfigMapping(prefix = "meridian.admin")
public interface AdminConfig {
    /// The bearer token of administrators. From a secret, never from a file in the image.
    Optional<String> token();
}
