package dev.meridian.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
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

    /// The port of the administrators' listener: plain HTTP at the address of the main one, with the same
    /// endpoints and bounds. Only there does `/admin/**` answer, unless `meridian.admin.public`. 8090 in
    /// production; where `/admin/**` is public, there is no such listener unless this is set.
    Optional<@Min(0) @Max(65_535) Integer> port();

    /// Whether `/admin/**` answers on the main port too: `true` in dev and test. Elsewhere it is 404 there.
    @WithName("public")
    @WithDefault("false")
    boolean isPublic();
}
