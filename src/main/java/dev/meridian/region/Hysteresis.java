package dev.meridian.region;

/// Turns the outcomes of probes into a stable state: down after `downAfter` failures in a row, up after `upAfter`
/// successes in a row. The first probe decides alone. Not thread-safe.
final class Hysteresis {
    private final int downAfter;
    private final int upAfter;
    private boolean known;
    private boolean up;
    private int contrary;

    /// @param downAfter failures in a row, at least 1
    /// @param upAfter successes in a row, at least 1
    Hysteresis(int downAfter, int upAfter) {
        this.downAfter = downAfter;
        this.upAfter = upAfter;
    }

    /// Adds the outcome of one probe.
    ///
    /// @return the state after it: true for up
    boolean after(boolean success) {
        if (!known) {
            known = true;
            up = success;
        } else if (success == up) {
            contrary = 0;
        } else if (++contrary >= (up ? downAfter : upAfter)) {
            up = success;
            contrary = 0;
        }
        return up;
    }
}
