package dev.meridian.session;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/// Tells the requests that a page of another site made a browser send.
final class SameOrigin {
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

    private SameOrigin() {}

    static boolean isSafe(String method) {
        return SAFE.contains(method);
    }

    /// Whether a request that changes something may come from another site, without the visitor's knowledge.
    ///
    /// No form tokens: browsers send `Sec-Fetch-Site`, or `Origin` with such a request, and
    /// [SameOriginFilter] removes an origin that is ours. A client that sends neither is not a browser, so it
    /// has no other visitor's cookie.
    static boolean isForged(HttpServerRequest request) {
        if (isSafe(request.method().name())) return false;
        var site = request.getHeader("Sec-Fetch-Site");
        return site != null ? !OWN_SITE.contains(site) : request.headers().contains(HttpHeaders.ORIGIN);
    }
}
