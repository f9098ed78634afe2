package dev.meridian.oidc;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.UnresolvableKeyException;

/// Verifies tokens of the provider (RFC 7519, RFC 9068) with the keys that are in memory: no call, no wait.
@ApplicationScoped
public class ProviderTokens {
    /// Those with a public key alone: a secret would be one that the provider does not have.
    private static final AlgorithmConstraints ALGORITHMS = new AlgorithmConstraints(
            ConstraintType.PERMIT,
            AlgorithmIdentifiers.RSA_USING_SHA256,
            AlgorithmIdentifiers.RSA_USING_SHA384,
            AlgorithmIdentifiers.RSA_USING_SHA512,
            AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
            AlgorithmIdentifiers.RSA_PSS_USING_SHA384,
            AlgorithmIdentifiers.RSA_PSS_USING_SHA512,
            AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
            AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384,
            AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512);

    /// The names that providers give to the client of an access token.
    private static final List<String> CLIENT = List.of("client_id", "azp", "cid");

    private final OidcConfig config;
    private final Provider provider;
    private final Set<String> clients;
    private final Set<String> machines;

    ProviderTokens(OidcConfig config, Provider provider) {
        this.config = config;
        this.provider = provider;
        this.machines = Set.copyOf(config.machines().orElse(List.of()));
        this.clients = Stream.of(
                        config.clientId().stream(), config.clients().orElse(List.of()).stream(), machines.stream())
                .flatMap(names -> names)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Begins to read the provider's keys; once, at start.
    public void begin() {
        provider.begin();
    }

    /// Whether any token can be verified: whether the provider's keys were read since the process began.
    public boolean hasKeys() {
        return !provider.keys().isEmpty();
    }

    /// Verifies an access token.
    public ProviderToken access(String token) throws InvalidTokenException {
        var claims = verified(token);
        try {
            // Amazon Cognito's tokens say what they are for.
            var use = claims.getStringClaimValue("token_use");
            if (use != null && !use.equals("access")) throw new InvalidTokenException("no access token");
            var client = client(claims);
            boolean isForUs = clients.contains(client)
                    || claims.hasAudience() && claims.getAudience().stream().anyMatch(clients::contains);
            if (!isForUs) throw new InvalidTokenException("for another client");
            return read(claims, client);
        } catch (MalformedClaimException e) {
            throw new InvalidTokenException(e.getMessage());
        }
    }

    /// Verifies the ID token of somebody who signs in (OpenID Connect Core 1.0, section 3.1.3.7).
    ///
    /// @param nonce that was sent with the request
    ProviderToken id(String token, String nonce) throws InvalidTokenException {
        var claims = verified(token);
        try {
            var use = claims.getStringClaimValue("token_use");
            if (use != null && !use.equals("id")) throw new InvalidTokenException("no ID token");
            var own = config.clientId().orElseThrow();
            if (!claims.hasAudience() || !claims.getAudience().contains(own)) {
                throw new InvalidTokenException("for another client");
            }
            var party = claims.getStringClaimValue("azp");
            if (party != null && !party.equals(own)) throw new InvalidTokenException("for another client");
            if (!nonce.equals(claims.getStringClaimValue("nonce")))
                throw new InvalidTokenException("for another request");
            if (claims.getSubject() == null || claims.getSubject().isEmpty()) {
                throw new InvalidTokenException("of nobody");
            }
            return read(claims, own);
        } catch (MalformedClaimException e) {
            throw new InvalidTokenException(e.getMessage());
        }
    }

    private JwtClaims verified(String token) throws InvalidTokenException {
        try {
            return new JwtConsumerBuilder()
                    .setJwsAlgorithmConstraints(ALGORITHMS)
                    .setVerificationKeyResolver(new JwksVerificationKeyResolver(provider.keys()))
                    .setExpectedIssuer(provider.issuer())
                    .setSkipDefaultAudienceValidation()
                    .setRequireExpirationTime()
                    .setAllowedClockSkewInSeconds(
                            Math.toIntExact(config.leeway().toSeconds()))
                    .build()
                    .processToClaims(token);
        } catch (InvalidJwtException e) {
            if (e.getCause() instanceof UnresolvableKeyException) provider.keyIsMissing();
            throw new InvalidTokenException("not valid");
        }
    }

    private ProviderToken read(JwtClaims claims, String client) throws MalformedClaimException {
        var subject = Objects.requireNonNullElse(claims.getSubject(), "");
        boolean isMachine = machines.contains(client) || subject.isEmpty() || subject.equals(client);
        return new ProviderToken(subject, client, isMachine, scopes(claims), words(groups(claims)));
    }

    private static String client(JwtClaims claims) throws MalformedClaimException {
        for (var name : CLIENT) {
            var client = claims.getStringClaimValue(name);
            if (client != null) return client;
        }
        return "";
    }

    private Set<String> scopes(JwtClaims claims) {
        var given = words(Optional.ofNullable(claims.getClaimValue("scope")).orElse(claims.getClaimValue("scp")));
        var prefix = config.scopePrefix();
        return given.stream()
                .filter(scope -> scope.startsWith(prefix))
                .map(scope -> scope.substring(prefix.length()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /// By name, else by path: names may have a slash themselves.
    private Object groups(JwtClaims claims) {
        var path = config.groupsClaim();
        if (claims.hasClaim(path)) return claims.getClaimValue(path);
        Object value = claims.getClaimsMap();
        for (var name : path.split("/")) value = value instanceof Map<?, ?> map ? map.get(name) : null;
        return value;
    }

    /// Of a list, or of a text with blanks between them.
    private static Set<String> words(Object value) {
        var words = new HashSet<String>();
        if (value instanceof String text)
            words.addAll(Arrays.asList(text.strip().split("[ ,]+")));
        if (value instanceof Collection<?> list) {
            for (var item : list) if (item instanceof String text) words.add(text);
        }
        return Set.copyOf(words);
    }
}
