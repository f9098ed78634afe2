package dev.meridian.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The value of `Date` (RFC 9110, section 6.6.1), made once a second.
final class DateHeader {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private record Second(long second, String text) {}

    private static volatile Second last = new Second(-1, "");

    private DateHeader() {}

    static String now() {
        long second = System.currentTimeMillis() / 1000;
        var known = last;
        if (known.second() == second) return known.text();
        var text = FORMAT.format(Instant.ofEpochSecond(second));
        last = new Second(second, text);
        return text;
    }
}
