package dev.meridian.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What a service of AWS computes to check a signature (Signature Version 4, "Create a signed AWS API request").
final class SigV4 {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";

    private SigV4() {}

    /// @param date `20261129T010203Z`
    /// @param scope `20261129/eu-west-1/dynamodb/aws4_request`
    /// @param request in canonical form
    static String signature(String secret, String date, String scope, String request) throws GeneralSecurityException {
        var key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
        for (var part : scope.split("/")) key = hmac(key, part);
        var request256 = sha256(request.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hmac(key, ALGORITHM + "\n" + date + "\n" + scope + "\n" + request256));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    static String sha256(byte[] bytes) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
