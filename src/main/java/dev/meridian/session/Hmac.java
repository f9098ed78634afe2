package dev.meridian.session;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs text with HMAC-SHA256 under one secret (RFC 2104).
final class Hmac {
    /// Fewest characters or bytes of a secret.
    static final int SECRET_MIN = 32;

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    /// @param setting for the message, which must not have the secret
    /// @throws ConfigurationException when the secret is too short
    static Hmac of(String setting, String secret) {
        if (secret.length() < SECRET_MIN) {
            throw new ConfigurationException(setting + " must have " + SECRET_MIN + " characters or more");
        }
        return new Hmac(secret.getBytes(StandardCharsets.UTF_8));
    }

    Hmac(byte[] secret) {
        this.key = new SecretKeySpec(secret, ALGORITHM);
    }

    /// @return 43 characters of base64 for URLs
    String sign(String text) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }

    /// Whether a signature is ours; the time it takes tells nothing about the right one.
    boolean isSignature(String signature, String text) {
        return MessageDigest.isEqual(
                signature.getBytes(StandardCharsets.UTF_8), sign(text).getBytes(StandardCharsets.UTF_8));
    }
}
