package dev.meridian.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;

/// Requests that nobody has asked for yet: a browser's in advance (`Sec-Purpose: prefetch`), a checker's of
/// a link.
public final class Prefetch {
    private static final List<String> HEADERS = List.of("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz");

    private static final List<String> WORDS = List.of("prefetch", "prerender", "preview");

    private Prefetch() {}

    /// Whether a request must change nothing, whatever a GET does: HEAD, and what is fetched in advance.
    public static boolean isSafe(HttpServerRequest request) {
        return request.method() == HttpMethod.HEAD || HEADERS.stream().anyMatch(name -> says(request.getHeader(name)));
    }

    private static boolean says(String purpose) {
        if (purpose == null) return false;
        var text = purpose.toLowerCase(Locale.ROOT);
        return WORDS.stream().anyMatch(text::contains);
    }
}
