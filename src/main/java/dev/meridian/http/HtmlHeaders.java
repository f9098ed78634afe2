package dev.meridian.http;

import java.util.Map;

/// The headers of every page. [SecurityHeaders] has those of all answers.
final class HtmlHeaders {
    /// The `Content-Type` of pages.
    static final String HTML = "text/html;charset=UTF-8";

    /// Nothing inline, nothing from other hosts except pictures of products.
    static final Map<String, String> ALL = Map.of(
            "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https:; "
                            + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "same-origin",
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cache-Control", "no-store",
            "Vary", "Accept, Accept-Encoding, Cookie");

    private HtmlHeaders() {}
}
