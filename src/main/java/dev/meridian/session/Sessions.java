package dev.meridian.session;

import dev.meridian.shared.Ids;
import dev.meridian.shared.ModeConfig;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Creates and reads the session cookie, `id.signature`, an HMAC-SHA256 under one of `meridian.session.keys`.
/// No Region stores sessions, so each can read the cookies of the others.
@ApplicationScoped
public class Sessions {
    /// The cookie's name.
    public static final String COOKIE = "meridian-session";

    private static final String PREFIX = "visitor-";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_LENGTH_MIN = 32;
    private static final int ID_BYTES = 16;

    private final SecureRandom random = new SecureRandom();
    private final SessionConfig config;
    private final boolean isProduction;
    /// The first signs, all verify. Empty in production without a key.
    private final List<SecretKeySpec> keys;

    Sessions(SessionConfig config, ModeConfig mode) {
        this.config = config;
        this.isProduction = mode.mode().isProduction();
        this.keys = keys();
    }

    void onStart(@Observes StartupEvent start) {
        if (keys.isEmpty()) {
            Log.warn("meridian.session.keys is not set: the APIs work, but pages answer 503 until it is");
        }
    }

    private List<SecretKeySpec> keys() {
        var one = config.key().filter(key -> !key.isBlank());
        var several = config.keys().orElse(List.of());
        if (one.isPresent() && !several.isEmpty()) {
            throw new ConfigurationException(
                    "meridian.session.key and meridian.session.keys are both set: keep meridian.session.keys");
        }
        if (one.isPresent()) return List.of(checked("meridian.session.key", one.get()));
        var keys = new ArrayList<SecretKeySpec>();
        for (var key : several) keys.add(checked("meridian.session.keys: key " + (keys.size() + 1), key.strip()));
        return keys.isEmpty() && !isProduction ? List.of(drawn()) : keys;
    }

    /// @param name for the message, which must not have the key
    private static SecretKeySpec checked(String name, String key) {
        if (key.length() < KEY_LENGTH_MIN) {
            throw new ConfigurationException(name + " must have " + KEY_LENGTH_MIN + " characters or more");
        }
        return new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    private SecretKeySpec drawn() {
        var bytes = new byte[KEY_LENGTH_MIN];
        random.nextBytes(bytes);
        return new SecretKeySpec(bytes, ALGORITHM);
    }

    /// Whether a customer id is that of a visitor, who is known by the cookie alone.
    public static boolean isVisitor(String customerId) {
        return customerId.startsWith(PREFIX);
    }

    /// A random customer id.
    String newCustomer() {
        var bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// The customer of a cookie; empty when the cookie is absent or its signature is invalid.
    ///
    /// @param cookie its value, may be null
    /// @throws ProblemException 503 in production without a key
    public Optional<String> customer(String cookie) {
        var known = known();
        int dot = cookie == null ? -1 : cookie.lastIndexOf('.');
        if (dot < 1) return Optional.empty();
        var id = cookie.substring(0, dot);
        var given = cookie.substring(dot + 1).getBytes(StandardCharsets.UTF_8);
        boolean isOurs = id.startsWith(PREFIX)
                && id.matches(Ids.PATTERN)
                && known.stream()
                        .anyMatch(key ->
                                MessageDigest.isEqual(given, signature(key, id).getBytes(StandardCharsets.UTF_8)));
        return isOurs ? Optional.of(id) : Optional.empty();
    }

    /// As [#customer], for APIs, which work without a key: then nobody has a cookie of ours.
    Optional<String> visitor(String cookie) {
        return keys.isEmpty() ? Optional.empty() : customer(cookie);
    }

    /// The value of the cookie for a customer.
    ///
    /// @throws ProblemException 503 in production without a key
    String cookie(String customer) {
        return customer + "." + signature(known().getFirst(), customer);
    }

    /// The whole `Set-Cookie` header for a customer.
    String setCookie(String customer) {
        return COOKIE + "=" + cookie(customer) + "; Path=/; Max-Age="
                + config.lifetime().toSeconds() + "; HttpOnly; SameSite=Lax"
                + (config.secure().orElse(isProduction) ? "; Secure" : "");
    }

    private List<SecretKeySpec> known() {
        if (keys.isEmpty()) {
            throw new ProblemException(
                    SharedProblem.PAGES_NOT_CONFIGURED, "The pages need meridian.session.keys, which is not set.");
        }
        return keys;
    }

    private static String signature(SecretKeySpec secret, String id) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(id.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }
}
