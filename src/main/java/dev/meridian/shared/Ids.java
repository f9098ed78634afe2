package dev.meridian.shared;

import com.github.f4b6a3.ulid.UlidCreator;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/// Makes ids: drawn ones (ULID) and derived ones, which a retry in any Region makes again.
public final class Ids {
    /// What an id in a path may be.
    public static final String PATTERN = "[A-Za-z0-9._:@-]{1,128}";

    /// [#PATTERN] in words.
    static final String RULE = "must be 1 to 128 characters of A-Z a-z 0-9 . _ : @ -";

    private static final int MAX = 128;
    private static final char[] CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
    private static final int BITS = 128;
    private static final int LENGTH = 26;

    private Ids() {}

    /// Whether a text is what [#PATTERN] allows, without the price of a pattern.
    public static boolean isValid(String id) {
        if (id.isEmpty() || id.length() > MAX) return false;
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean isAlphanumeric = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!isAlphanumeric && "._:@-".indexOf(c) < 0) return false;
        }
        return true;
    }

    /// @param name of the parameter that has it
    /// @throws ProblemException 400 when it is no id
    public static void check(String name, String id) {
        if (!isValid(id)) throw ProblemException.invalid(name, RULE);
    }

    /// A new ULID: 26 characters of Crockford base32 that sort by time of creation (millisecond) in one process.
    public static String ulid() {
        return UlidCreator.getMonotonicUlid().toString();
    }

    /// The same 26 characters of Crockford base32 for the same parts, in every Region and version: the first 128
    /// bits of the SHA-256 of the parts, each preceded by its length so that no two lists of parts collide.
    public static String derive(String... parts) {
        var number = new BigInteger(1, Arrays.copyOf(digest(parts), BITS / 8));
        var chars = new char[LENGTH];
        for (int i = LENGTH - 1; i >= 0; i--) {
            chars[i] = CROCKFORD[number.intValue() & 31];
            number = number.shiftRight(5);
        }
        return new String(chars);
    }

    /// The last 13 characters of [#derive], 65 bits: enough to tell the few hundred keys apart that an item
    /// remembers.
    public static String deriveShort(String... parts) {
        return derive(parts).substring(LENGTH / 2);
    }

    /// The SHA-256 of the parts in hexadecimal, each preceded by its length.
    public static String hash(String... parts) {
        return HexFormat.of().formatHex(digest(parts));
    }

    private static byte[] digest(String... parts) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            for (var part : parts) {
                var bytes = part.getBytes(StandardCharsets.UTF_8);
                sha256.update(Integer.toString(bytes.length).getBytes(StandardCharsets.US_ASCII));
                sha256.update((byte) ':');
                sha256.update(bytes);
            }
            return sha256.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
