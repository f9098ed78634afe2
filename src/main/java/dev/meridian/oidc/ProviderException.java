package dev.meridian.oidc;

/// The provider answered with an error.
final class ProviderException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    ProviderException(int status) {
        super("the provider answered " + status, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
