package dev.meridian.shared;

import java.util.Locale;

/// A kind of failure that a client can act on. Each feature has constants of its own; the names are API and never
/// change.
///
/// @param name the name of the constant, `OUT_OF_STOCK`
/// @param status the HTTP status, 400 to 599
/// @param title one short sentence about the kind, the same for every occurrence (RFC 9457, section 3.1.3)
public record ProblemCode(String name, int status, String title) {
    /// The problem type URI: `urn:meridian:problem:out-of-stock` (RFC 9457, section 3.1.1).
    public String type() {
        return "urn:meridian:problem:" + name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
