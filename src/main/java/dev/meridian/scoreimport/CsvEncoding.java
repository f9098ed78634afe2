package dev.meridian.scoreimport;

import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The character set of a file, and its bytes as UTF-8, piece by piece. What is no text in it becomes a
/// byte that is none in UTF-8 either.
///
/// Not by the decoders of the platform: the executable has no Windows-1252.
final class CsvEncoding {
    /// How characters are made of bytes.
    enum Kind {
        UTF_8("UTF-8"),
        WINDOWS_1252("Windows-1252"),
        UTF_16("UTF-16"),
        UTF_16LE("UTF-16"),
        UTF_16BE("UTF-16");

        final String label;

        Kind(String label) {
            this.label = label;
        }
    }

    /// ISO-8859-1 is read as what was meant, as browsers do (WHATWG Encoding, section 4.2).
    private static final Map<String, Kind> NAMES = Map.ofEntries(
            Map.entry("utf-8", Kind.UTF_8),
            Map.entry("utf8", Kind.UTF_8),
            Map.entry("us-ascii", Kind.UTF_8),
            Map.entry("ascii", Kind.UTF_8),
            Map.entry("iso-8859-1", Kind.WINDOWS_1252),
            Map.entry("latin1", Kind.WINDOWS_1252),
            Map.entry("windows-1252", Kind.WINDOWS_1252),
            Map.entry("cp1252", Kind.WINDOWS_1252),
            Map.entry("utf-16", Kind.UTF_16),
            Map.entry("utf-16le", Kind.UTF_16LE),
            Map.entry("utf-16be", Kind.UTF_16BE));

    /// Windows-1252 from 0x80 to 0x9F; U+FFFF where it has nothing.
    private static final String HIGH_CONTROLS = "\u20AC\uFFFF\u201A\u0192\u201E\u2026\u2020\u2021"
            + "\u02C6\u2030\u0160\u2039\u0152\uFFFF\u017D\uFFFF"
            + "\uFFFF\u2018\u2019\u201C\u201D\u2022\u2013\u2014"
            + "\u02DC\u2122\u0161\u203A\u0153\uFFFF\u017E\u0178";

    private static final char NONE = '\uFFFF';
    private static final int NO_TEXT = 0xFF;

    private Kind kind;
    private final ByteArrayOutputStream utf8 = new ByteArrayOutputStream();
    /// The first two bytes decide what a file is; -1 once they have.
    private int first = -2;

    private int odd = -1;
    private char highSurrogate;

    CsvEncoding(Kind kind) {
        this.kind = kind;
    }

    /// @param charset as the content type names it, null for none
    /// @return empty for one that is not read here
    static Optional<Kind> named(String charset) {
        return Optional.ofNullable(charset == null ? Kind.UTF_8 : NAMES.get(charset.toLowerCase(Locale.ROOT)));
    }

    /// The name of the character set, known with the second byte.
    String label() {
        return kind.label;
    }

    byte[] toUtf8(byte[] piece) {
        if (kind == Kind.UTF_8 && first == -1) return piece;
        utf8.reset();
        for (byte b : piece) {
            if (first == -2) {
                first = b & 0xFF;
            } else if (first >= 0) {
                int begin = first;
                first = -1;
                decide(begin, b & 0xFF);
                next(begin);
                next(b & 0xFF);
            } else {
                next(b & 0xFF);
            }
        }
        return utf8.toByteArray();
    }

    /// What is left at the end.
    byte[] finish() {
        utf8.reset();
        if (first >= 0) next(first);
        if (odd >= 0 || highSurrogate != 0) utf8.write(NO_TEXT);
        return utf8.toByteArray();
    }

    /// A byte order mark is right whatever the content type says, and a file of text begins with no zero.
    private void decide(int a, int b) {
        if (a == 0xFF && b == 0xFE) kind = Kind.UTF_16LE;
        else if (a == 0xFE && b == 0xFF) kind = Kind.UTF_16BE;
        else if (a != 0 && b == 0) kind = Kind.UTF_16LE;
        else if (a == 0 && b != 0 || kind == Kind.UTF_16) kind = Kind.UTF_16BE;
    }

    private void next(int b) {
        switch (kind) {
            case UTF_8 -> utf8.write(b);
            case WINDOWS_1252 -> character(b >= 0x80 && b < 0xA0 ? HIGH_CONTROLS.charAt(b - 0x80) : (char) b);
            default -> {
                if (odd < 0) {
                    odd = b;
                    return;
                }
                int unit = kind == Kind.UTF_16LE ? b << 8 | odd : odd << 8 | b;
                odd = -1;
                unit((char) unit);
            }
        }
    }

    private void unit(char unit) {
        if (highSurrogate != 0) {
            char high = highSurrogate;
            highSurrogate = 0;
            if (Character.isLowSurrogate(unit)) {
                codePoint(Character.toCodePoint(high, unit));
                return;
            }
            utf8.write(NO_TEXT);
        }
        if (Character.isHighSurrogate(unit)) highSurrogate = unit;
        else if (Character.isLowSurrogate(unit)) utf8.write(NO_TEXT);
        else character(unit);
    }

    private void character(char c) {
        if (c == NONE) utf8.write(NO_TEXT);
        else codePoint(c);
    }

    private void codePoint(int c) {
        if (c < 0x80) {
            utf8.write(c);
        } else if (c < 0x800) {
            utf8.write(0xC0 | c >> 6);
            utf8.write(0x80 | c & 0x3F);
        } else {
            if (c < 0x10000) {
                utf8.write(0xE0 | c >> 12);
            } else {
                utf8.write(0xF0 | c >> 18);
                utf8.write(0x80 | c >> 12 & 0x3F);
            }
            utf8.write(0x80 | c >> 6 & 0x3F);
            utf8.write(0x80 | c & 0x3F);
        }
    }
}
