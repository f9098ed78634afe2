package dev.meridian.session;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The sessions of guests, and of customers who have signed in.
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

    /// How long a customer stays signed in, on each device.
    @WithDefault("12h")
    Duration signedInLifetime();

    /// How long somebody with a role stays signed in: as long a role that the provider takes away stays.
    @WithDefault("1h")
    Duration staffLifetime();

    /// How long somebody may take to sign in with the provider.
    @WithDefault("10m")
    Duration signInWithin();

    /// How often this process reads which sessions were ended, in whichever Region.
    @WithDefault("5s")
    Duration endedRefresh();

    /// The most ended sessions that this process keeps in mind; those beyond work until their time is over.
    @WithDefault("200000")
    @Min(1)
    int endedMax();

    /// Whether the cookie is sent over https only; by default in production.
    Optional<Boolean> secure();
}
