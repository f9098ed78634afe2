package dev.meridian.lab.cluster;

import java.sql.SQLException;
import java.time.Duration;

/// Waits for a condition to become true.
public final class Waiting {
    private static final Duration SOON = Duration.ofSeconds(20);

    private Waiting() {}

    /// A condition to wait for.
    public interface Condition {
        boolean holds() throws SQLException;
    }

    /// @param what a description for the error message
    /// @throws IllegalStateException when the condition is not true in time
    public static void until(String what, Condition condition) throws InterruptedException, SQLException {
        if (!holdsWithin(SOON, condition)) throw new IllegalStateException("waited in vain for " + what);
    }

    /// Waits until the condition is true, or until the limit.
    static boolean holdsWithin(Duration limit, Condition condition) throws InterruptedException, SQLException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) return false;
            Thread.sleep(50);
        }
        return true;
    }
}
