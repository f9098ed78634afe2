package dev.meridian.session;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/// Whether callers prove who they are.
// A key of the root, like meridian.mode.
@ConfigMapping(prefix = "meridian")
public interface IdentityConfig {
    /// Who may call: `oidc` (customers and staff sign in with an OpenID provider) or `open` (nobody
    /// signs in, and whoever names a customer is believed: for demonstrations). A server in production starts
    /// only when it is set, and warns of `open` at each start. `open` in mode `test`.
    Optional<Identity> identity();

    /// Whether people sign in with a provider.
    default boolean isOidc() {
        return identity().filter(Identity.OIDC::equals).isPresent();
    }
}
