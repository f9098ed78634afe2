package dev.meridian.session;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/// The signed cookie with the anonymous customer id of a browser.
@ConfigMapping(prefix = "meridian.session")
public interface SessionConfig {
    /// The secret that signs the cookie, 32 characters or more, from a secret; the same in every Region. Without it
    /// pages answer 503 in production; in mode `test` each process draws one.
    Optional<String> key();

    /// How long a browser keeps the cookie after its last visit to a page.
    @WithDefault("30d")
    Duration lifetime();

    /// Whether the cookie is sent over https only; by default in production.
    Optional<Boolean> secure();
}
