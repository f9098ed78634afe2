package dev.meridian.oidc;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/// The OpenID provider, which `meridian.identity=oidc` needs.
@ConfigMapping(prefix = "meridian.oidc")
public interface OidcConfig {
    /// The provider as its tokens name it (`iss`); its discovery document is below. `https`, but for a provider
    /// on this machine.
    Optional<String> issuer();

    /// The client of the provider by which people sign in.
    Optional<String> clientId();

    /// The secret of that client, if it has one. From a secret.
    Optional<String> clientSecret();

    /// Where the provider's keys are; by default what its discovery document says.
    Optional<String> keysUrl();

    /// The claim with a person's groups. The groups `support`, `catalog` and `operator` are the roles.
    @WithDefault("cognito:groups")
    String groupsClaim();
}
