package dev.meridian.oidc;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
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

    /// Other clients whose tokens are accepted, such as apps and machines.
    Optional<List<String>> clients();

    /// Of these clients, those that are machines although the provider gives their tokens a subject of their
    /// own. A client whose subject is itself is a machine without being named here.
    Optional<List<String>> machines();

    /// Where the provider's keys are; by default what its discovery document says.
    Optional<String> keysUrl();

    /// The claim with a person's groups: its name, or its path with a slash between its names. The groups
    /// `support`, `catalog` and `operator` are the roles.
    @WithDefault("cognito:groups")
    String groupsClaim();

    /// What comes before the name of a scope: with it `machine` is the scope of machines.
    @WithDefault("meridian/")
    String scopePrefix();

    /// What people's browsers are asked to let us know, scopes with a blank between them.
    @WithDefault("openid")
    String scopes();

    /// The address of this service as browsers know it, such as `https://shop.example.com`, to which the
    /// provider sends them back. By default that of the request.
    Optional<String> publicUrl();

    /// How often the provider's keys are read again.
    @WithDefault("5m")
    Duration keysRefresh();

    /// The shortest pause between two reads of the keys, however many unknown keys tokens name.
    @WithDefault("10s")
    Duration keysRefreshMin();

    /// How far the clocks of provider and service may differ.
    @WithDefault("30s")
    Duration leeway();

    /// Longest wait for an answer of the provider.
    @WithDefault("3s")
    Duration timeout();
}
