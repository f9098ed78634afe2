package dev.meridian.dynamoclient;

/// Failures of our client for tests of those who use it.
public final class NotSent {
    private NotSent() {}

    /// A call that was not sent.
    public static NotSentException because(NotSentException.Reason reason) {
        return new NotSentException(reason, "not sent", null);
    }
}
