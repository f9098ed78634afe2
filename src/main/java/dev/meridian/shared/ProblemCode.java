package dev.meridian.shared;

import java.util.Locale;

/// A kind of failure that a client can act on. Each feature has an enum of its own; the names are API and never change.
public interface ProblemCode {
    /// The name of the enum constant, `OUT_OF_STOCK`.
    String name();

    /// The HTTP status, 400 to 599.
    int status();

    /// One short sentence about the kind, the same for every occurrence (RFC 9457, section 3.1.3).
    String title();

    /// The problem type URI: `urn:meridian:problem:out-of-stock` (RFC 9457, section 3.1.1).
    default String type() {
        return "urn:meridian:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
