package dev.meridian.oidc;

import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// How somebody signs in: the authorization code flow of OpenID Connect with PKCE (RFC 7636). Only this waits for the
/// provider.
@ApplicationScoped
public class SignInFlow {
    private static final Duration TRY_AGAIN = Duration.ofSeconds(10);
    private static final int CLIENT_ERROR = 400;
    private static final int SERVER_ERROR = 500;

    /// What belongs to one sign-in and is known to its browser and to us.
    ///
    /// @param redirectUri where the provider sends the browser
    /// @param state comes back with the browser
    /// @param nonce comes back in the ID token
    /// @param verifier proves that who brings the code is who asked for it; 43 characters or more
    public record Request(String redirectUri, String state, String nonce, String verifier) {}

    private final OidcConfig config;
    private final Provider provider;
    private final ProviderClient client;
    private final ProviderTokens tokens;

    SignInFlow(OidcConfig config, Provider provider, ProviderClient client, ProviderTokens tokens) {
        this.config = config;
        this.provider = provider;
        this.client = client;
        this.tokens = tokens;
    }

    /// The address of the provider to which a browser goes to sign in.
    ///
    /// @throws ProblemException 503 while the provider is away
    public Uni<String> address(Request request) {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("response_type", "code");
        parameters.put("client_id", config.clientId().orElseThrow());
        parameters.put("redirect_uri", request.redirectUri());
        parameters.put("scope", config.scopes());
        parameters.put("state", request.state());
        parameters.put("nonce", request.nonce());
        parameters.put("code_challenge", challenge(request.verifier()));
        parameters.put("code_challenge_method", "S256");
        // Asked each time: a browser is not sent to a provider that is away.
        return provider.discover()
                .map(known -> {
                    var endpoint = endpoint(known, "authorization_endpoint");
                    return endpoint + (endpoint.contains("?") ? "&" : "?") + encoded(parameters);
                })
                .onFailure()
                .transform(SignInFlow::away);
    }

    /// Who has signed in.
    ///
    /// @param code that the provider gave to the browser
    /// @throws ProblemException 400 when the provider does not take the code, 503 while it is away
    public Uni<ProviderToken> complete(Request request, String code) {
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", request.redirectUri());
        form.put("client_id", config.clientId().orElseThrow());
        form.put("code_verifier", request.verifier());
        return provider.endpoints()
                .chain(known -> client.post(endpoint(known, "token_endpoint"), authorization(), encoded(form)))
                .onFailure()
                .transform(failure -> failure instanceof ProviderException answer
                                && answer.status() >= CLIENT_ERROR
                                && answer.status() < SERVER_ERROR
                        ? notFinished()
                        : away(failure))
                .chain(answer -> verified(answer.getString("id_token"), request.nonce()));
    }

    /// The keys are read again when the token names one that is not known.
    private Uni<ProviderToken> verified(String token, String nonce) {
        if (token == null) return Uni.createFrom().failure(notFinished());
        try {
            return Uni.createFrom().item(tokens.id(token, nonce));
        } catch (InvalidTokenException _) {
            return provider.refresh().onFailure().transform(SignInFlow::away).map(_ -> {
                try {
                    return tokens.id(token, nonce);
                } catch (InvalidTokenException _) {
                    throw notFinished();
                }
            });
        }
    }

    /// A client with a secret proves itself (RFC 6749, section 2.3.1).
    private String authorization() {
        return config.clientSecret()
                .map(secret -> "Basic "
                        + Base64.getEncoder()
                                .encodeToString((encoded(config.clientId().orElseThrow()) + ":" + encoded(secret))
                                        .getBytes(StandardCharsets.UTF_8)))
                .orElse(null);
    }

    private static String endpoint(JsonObject known, String name) {
        var endpoint = known.getString(name);
        if (endpoint == null) throw new IllegalStateException("the provider names no " + name);
        return endpoint;
    }

    private static Throwable away(Throwable failure) {
        return new ProblemException(
                SharedProblem.SIGN_IN_UNAVAILABLE,
                "Nobody can sign in right now, since the sign-in service does not answer. Everything else works.",
                TRY_AGAIN);
    }

    private static ProblemException notFinished() {
        return new ProblemException(
                SharedProblem.SIGN_IN_NOT_FINISHED, "The sign-in was not finished. Please sign in again.");
    }

    private static String challenge(String verifier) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static String encoded(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
