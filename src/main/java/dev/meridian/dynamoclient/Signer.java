package dev.meridian.dynamoclient;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/// Signature Version 4 of DynamoDB's requests: `POST /`, JSON, a body that is known.
///
/// Belongs to one event loop and is used nowhere else: that is what makes digest, MAC, derived key and the
/// texts of the second reusable without a lock. The derived key changes with the day and with the credentials.
final class Signer {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    static final String CONTENT_TYPE = "application/x-amz-json-1.0";
    private static final HexFormat HEX = HexFormat.of();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final String host;
    private final String region;
    private final Supplier<AwsCredentials> credentials;
    private final ServerClock clock;
    private final MessageDigest digest;
    private final Mac mac;

    private long second = Long.MIN_VALUE;
    private String time;
    private String day = "";
    private AwsCredentials derivedFrom;
    private String scope;

    Signer(String host, String region, Supplier<AwsCredentials> credentials, ServerClock clock) {
        this.host = host;
        this.region = region;
        this.credentials = credentials;
        this.clock = clock;
        try {
            digest = MessageDigest.getInstance("SHA-256");
            mac = Mac.getInstance("HmacSHA256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is in every JDK", e);
        }
    }

    /// What signs one request.
    ///
    /// @param token null when the credentials have none
    /// @param aheadMillis how far DynamoDB's clock was thought to be ahead of ours
    record Signature(String time, String token, String authorization, long aheadMillis) {}

    /// @param target `DynamoDB_20120810.Query`
    /// @param body an array whose first bytes are the body
    Signature sign(String target, byte[] body, int length) {
        var now = credentials.get();
        var ahead = clock.aheadMillis();
        tick(ahead);
        if (now != derivedFrom && !now.equals(derivedFrom)) derive(now);
        digest.update(body, 0, length);
        var token = now instanceof AwsSessionCredentials session ? session.sessionToken() : null;
        var signed = token == null
                ? "content-type;host;x-amz-date;x-amz-target"
                : "content-type;host;x-amz-date;x-amz-security-token;x-amz-target";
        var canonical = new StringBuilder(512)
                .append("POST\n/\n\ncontent-type:" + CONTENT_TYPE + "\nhost:")
                .append(host)
                .append("\nx-amz-date:")
                .append(time);
        if (token != null) canonical.append("\nx-amz-security-token:").append(token);
        canonical
                .append("\nx-amz-target:")
                .append(target)
                .append("\n\n")
                .append(signed)
                .append('\n')
                .append(HEX.formatHex(digest.digest()));
        var toSign = ALGORITHM + "\n" + time + "\n" + scope + "\n"
                + HEX.formatHex(digest.digest(latin(canonical.toString())));
        return new Signature(
                time,
                token,
                ALGORITHM + " Credential=" + now.accessKeyId() + "/" + scope + ", SignedHeaders=" + signed
                        + ", Signature=" + HEX.formatHex(mac.doFinal(latin(toSign))),
                ahead);
    }

    /// The time of the request, made once a second.
    private void tick(long aheadMillis) {
        var now = Math.floorDiv(clock.millis() + aheadMillis, 1000);
        if (now == second) return;
        second = now;
        time = TIME.format(Instant.ofEpochSecond(now));
        var today = time.substring(0, 8);
        if (today.equals(day)) return;
        day = today;
        derivedFrom = null;
    }

    private void derive(AwsCredentials from) {
        var key = hmac(latin("AWS4" + from.secretAccessKey()), day);
        key = hmac(key, region);
        key = hmac(key, "dynamodb");
        use(hmac(key, "aws4_request"));
        scope = day + "/" + region + "/dynamodb/aws4_request";
        derivedFrom = from;
    }

    private byte[] hmac(byte[] key, String text) {
        use(key);
        return mac.doFinal(latin(text));
    }

    private void use(byte[] key) {
        try {
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
