package dev.meridian.session;

/// How callers prove who they are.
public enum Identity {
    /// Nobody does: whoever names a customer is believed. For demonstrations.
    OPEN,
    /// Customers and staff sign in with an OpenID provider.
    OIDC
}
