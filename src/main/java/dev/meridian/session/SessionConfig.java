package dev.meridian.session;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The signed cookie with the anonymous customer id of a browser.
@ConfigMapping(prefix = "meridian.session")
public interface SessionConfig {
    /// The one key that signs the cookie and verifies it. Only without `meridian.session.keys`.
    Optional<String> key();

    /// The keys of the cookie, each 32 characters or more and without a comma, from a secret; the same in
    /// every Region. The first signs, all verify: docs/deployment.md says how one is replaced. Without a key
    /// pages answer 503 in production; in mode `test` each process draws one.
    Optional<List<String>> keys();

    /// How long a browser keeps the cookie after its last visit to a page.
    @WithDefault("30d")
    Duration lifetime();

    /// Whether the cookie is sent over https only; by default in production.
    Optional<Boolean> secure();
}
