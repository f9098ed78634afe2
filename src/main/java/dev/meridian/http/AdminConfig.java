package dev.meridian.http;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/// Access to the admin calls.
@ConfigMapping(prefix = "meridian.admin")
public interface AdminConfig {
    /// The one bearer token of administrators, as it is. From a secret, never from a file in the image. The
    /// log calls its owner `admin`. Only without `meridian.admin.tokens`.
    Optional<String> token();

    /// The bearer tokens of administrators, each as `name:sha256`: who has it, for the log, and the SHA-256 of
    /// the token in 64 hexadecimal digits. A name may have several. docs/deployment.md says how one is
    /// replaced.
    Optional<List<String>> tokens();
}
