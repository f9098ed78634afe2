package dev.meridian.session;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/// Guests: customers without a session or a name.
@ConfigMapping(prefix = "meridian.guest")
public interface GuestConfig {
    /// Makes the ids of guests and the links to their orders impossible to compute for others: 32 characters or
    /// more, from a secret, the same in every Region. It never changes: another one makes other guests, and
    /// ends all links. Without it production takes no order that names no customer (503), and orders have no
    /// links.
    Optional<String> secret();
}
