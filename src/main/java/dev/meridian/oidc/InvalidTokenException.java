package dev.meridian.oidc;

/// A token that the provider did not make for us, or that has ended.
public final class InvalidTokenException extends Exception {
    private static final long serialVersionUID = 1L;

    /// @param message why; without anything of the token
    InvalidTokenException(String message) {
        super(message, null, false, false);
    }
}
