package dev.meridian.session;

import dev.meridian.http.TrustedProxies;
import dev.meridian.shared.ModeConfig;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Begins sessions and knows them again: in a cookie for browsers, as a bearer for other clients. Both have the same
/// [SessionToken]. No Region stores sessions, so each can read those of the others.
@ApplicationScoped
public class Sessions {
    /// Begins the name of a cookie that is sent over https only. A browser takes a name that begins so from this host
    /// alone, so that no other host of the domain can plant a session.
    private static final String SECURE = "__Host-";

    private static final String COOKIE = "meridian-session";

    /// More of one name are not looked at: each is a signature to check.
    private static final int COOKIES_MAX = 4;
    private static final String PREFIX = "visitor-";
    private static final String BEARER = "Bearer ";
    private static final int ID_BYTES = 16;

    private final SecureRandom random = new SecureRandom();
    private final SessionConfig config;
    private final Predicate<HttpServerRequest> isTls;
    private final Clock clock;
    private final Predicate<String> isEnded;
    private final boolean isProduction;
    /// The first signs, all verify. Empty in production without a key.
    private final List<Hmac> keys;

    @Inject
    Sessions(
            SessionConfig config,
            ModeConfig mode,
            TrustedProxies proxies,
            EndedSessions ended,
            IdentityConfig identity) {
        // Where nobody signs in, nobody has signed in.
        this(config, mode, proxies::isTls, Clock.systemUTC(), id -> !identity.isOidc() || ended.contains(id));
    }

    /// @param isEnded of the id of a session of a customer
    Sessions(
            SessionConfig config,
            ModeConfig mode,
            Predicate<HttpServerRequest> isTls,
            Clock clock,
            Predicate<String> isEnded) {
        this.config = config;
        this.isEnded = isEnded;
        this.isTls = isTls;
        this.clock = clock;
        this.isProduction = mode.mode().isProduction();
        this.keys = keys();
    }

    void onStart(@Observes StartupEvent start) {
        if (keys.isEmpty()) {
            Log.warn("meridian.session.keys is not set: the APIs work, but pages answer 503 until it is");
        }
    }

    private List<Hmac> keys() {
        var one = config.key().filter(key -> !key.isBlank());
        var several = config.keys().orElse(List.of());
        if (one.isPresent() && !several.isEmpty()) {
            throw new ConfigurationException(
                    "meridian.session.key and meridian.session.keys are both set: keep meridian.session.keys");
        }
        if (one.isPresent()) return List.of(Hmac.of("meridian.session.key", one.get()));
        var keys = new ArrayList<Hmac>();
        for (var key : several) keys.add(Hmac.of("meridian.session.keys: key " + (keys.size() + 1), key.strip()));
        return keys.isEmpty() && !isProduction ? List.of(drawn()) : List.copyOf(keys);
    }

    private Hmac drawn() {
        var bytes = new byte[Hmac.SECRET_MIN];
        random.nextBytes(bytes);
        return new Hmac(bytes);
    }

    /// Whether a customer id is that of a visitor, who is known by a session alone.
    public static boolean isVisitor(String customerId) {
        return customerId.startsWith(PREFIX);
    }

    /// A random customer id, which nobody can guess.
    String newCustomer() {
        return PREFIX + drawnId();
    }

    private String drawnId() {
        var bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// The person whose session a request has; empty when it has none, or one that is not ours or has ended. A bearer
    /// comes before a cookie, which a forged request of another site has, too. Without a key nobody has a session.
    Optional<Proof> proof(HttpServerRequest request) {
        return texts(request).flatMap(text -> proof(text).stream()).findFirst();
    }

    /// The session of a customer who has signed in that a request has.
    Optional<SessionToken> signedIn(HttpServerRequest request) {
        return texts(request).flatMap(text -> valid(text).stream()).findFirst().filter(SessionToken::isSignedIn);
    }

    private Stream<String> texts(HttpServerRequest request) {
        if (keys.isEmpty()) return Stream.empty();
        var bearer = bearer(request.getHeader(HttpHeaders.AUTHORIZATION));
        if (bearer.isPresent()) return bearer.stream();
        return SameOrigin.isForged(request) ? Stream.empty() : cookies(COOKIE, request);
    }

    /// The values of a cookie of ours.
    Stream<String> cookies(String name, HttpServerRequest request) {
        if (!request.headers().contains(HttpHeaders.COOKIE)) return Stream.empty();
        var begin = (isSecure(request) ? SECURE + name : name) + "=";
        // Not the framework's cookies, which are one of each name: another path or host above may have set one too.
        return request.headers().getAll(HttpHeaders.COOKIE).stream()
                .flatMap(header -> Arrays.stream(header.split(";")))
                .map(String::strip)
                .filter(cookie -> cookie.startsWith(begin))
                .limit(COOKIES_MAX)
                .map(cookie -> unquoted(cookie.substring(begin.length())));
    }

    /// A value may stand in quotes (RFC 6265, section 4.1.1).
    private static String unquoted(String value) {
        boolean isQuoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return isQuoted ? value.substring(1, value.length() - 1) : value;
    }

    /// The session in an `Authorization` header; empty when it has another credential, such as an administrator's.
    ///
    /// @param authorization the header's value, null when it was not sent
    static Optional<String> bearer(String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.empty();
        }
        return Optional.of(authorization.substring(BEARER.length()).strip()).filter(SessionToken::isOne);
    }

    /// Whose a token is; empty when it was not signed by us or has ended.
    Optional<Proof> proof(String token) {
        return valid(token)
                .map(session -> session.isSignedIn()
                        ? new Proof(Proof.Kind.CUSTOMER, session.customerId(), session.roles())
                        : Proof.guest(session.customerId()));
    }

    private Optional<SessionToken> valid(String token) {
        return SessionToken.parse(token, keys)
                .filter(session -> session.isSignedIn() ? !isEnded.test(session.id()) : isVisitor(session.customerId()))
                .filter(session -> clock.instant().isBefore(end(session)));
    }

    /// A session of a guest that begins now.
    ///
    /// @throws ProblemException 503 in production without a key
    SessionToken begin(String customerId) {
        requireKeys();
        return SessionToken.guest(customerId, clock.instant());
    }

    /// A session of a customer that begins now.
    ///
    /// @throws ProblemException 503 in production without a key
    SessionToken begin(Proof customer) {
        requireKeys();
        return new SessionToken(customer.name(), clock.instant(), drawnId(), customer.roles());
    }

    /// A sign-in that begins now.
    ///
    /// @throws ProblemException 503 in production without a key
    SignInState beginSignIn(String returnTo) {
        requireKeys();
        return new SignInState(drawnId(), returnTo, clock.instant(), keys.getFirst());
    }

    /// A sign-in that has begun; empty when it is none of ours or was begun too long ago.
    Optional<SignInState> signIn(String text) {
        return SignInState.parse(text, keys)
                .filter(begun -> clock.instant().isBefore(begun.issued().plus(config.signInWithin())));
    }

    Duration signInWithin() {
        return config.signInWithin();
    }

    Duration guestLifetime() {
        return config.lifetime();
    }

    /// When a session ends; a guest's may be continued before.
    Instant end(SessionToken session) {
        return session.issued().plus(lifetime(session));
    }

    private Duration lifetime(SessionToken session) {
        if (!session.isSignedIn()) return config.lifetime();
        return session.roles().isEmpty() ? config.signedInLifetime() : config.staffLifetime();
    }

    /// The text of a session, for a cookie or a bearer.
    String signed(SessionToken session) {
        requireKeys();
        return session.signed(keys.getFirst());
    }

    /// The whole `Set-Cookie` header for a guest.
    ///
    /// @throws ProblemException 503 in production without a key
    String setCookie(String customerId, HttpServerRequest request) {
        return setCookie(customerId, isSecure(request));
    }

    String setCookie(String customerId, boolean isSecure) {
        return cookie(COOKIE, signed(begin(customerId)), config.lifetime(), isSecure);
    }

    /// The whole `Set-Cookie` header for a session.
    String setCookie(SessionToken session, HttpServerRequest request) {
        return cookie(COOKIE, signed(session), lifetime(session), isSecure(request));
    }

    /// A `Set-Cookie` header.
    ///
    /// @param age how long the browser keeps it; zero removes it
    String cookie(String name, String value, Duration age, HttpServerRequest request) {
        return cookie(name, value, age, isSecure(request));
    }

    private static String cookie(String name, String value, Duration age, boolean isSecure) {
        return (isSecure ? SECURE + name : name) + "=" + value + "; Path=/; Max-Age=" + age.toSeconds()
                + "; HttpOnly; SameSite=Lax" + (isSecure ? "; Secure" : "");
    }

    /// Over plain http a browser keeps no cookie that is for https only.
    boolean isSecure(HttpServerRequest request) {
        return config.secure().orElseGet(() -> isProduction || isTls.test(request));
    }

    /// @throws ProblemException 503 in production without a key
    void requireKeys() {
        if (keys.isEmpty()) {
            throw new ProblemException(
                    SharedProblem.PAGES_NOT_CONFIGURED, "The pages need meridian.session.keys, which is not set.");
        }
    }
}
