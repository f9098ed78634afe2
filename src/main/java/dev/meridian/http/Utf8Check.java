package dev.meridian.http;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.MalformedInputException;

/// Whether bytes that arrive are UTF-8 (RFC 3629, section 4). Jackson reads overlong forms, such as C0 AF
/// for a slash, and halves of surrogate pairs. A text that begins as UTF-16 or UTF-32 does is left to it.
final class Utf8Check {
    private static final int HIGH = 0x80;
    private static final int LAST_CONTINUATION = 0xBF;

    private int first = -1;
    private boolean isOther;
    private int missing;
    private int lowest;
    private int highest;

    /// @param b the next byte, unsigned
    void add(int b) throws CharacterCodingException {
        if (first == -1) {
            isOther = b == 0 || b == 0xFE || b == 0xFF;
            first = b;
        } else if (first >= 0) {
            isOther |= b == 0;
            first = -2;
        }
        if (isOther) return;
        if (missing > 0) {
            if (b < lowest || b > highest) throw new MalformedInputException(1);
            missing--;
            lowest = HIGH;
            highest = LAST_CONTINUATION;
        } else if (b >= HIGH) {
            begin(b);
        }
    }

    private void begin(int b) throws CharacterCodingException {
        if (b < 0xC2 || b > 0xF4) throw new MalformedInputException(1);
        missing = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
        lowest = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : HIGH;
        highest = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : LAST_CONTINUATION;
    }
}
