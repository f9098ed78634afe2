package dev.meridian.limits;

/// Whose quota a request is counted for.
///
/// @param name a visitor's id, the name of an admin token's owner, or an address
record BucketOwner(Kind kind, String name) {
    /// How a caller is known. The names are labels of metrics, in lower case.
    enum Kind {
        SESSION,
        MACHINE,
        ADDRESS
    }
}
