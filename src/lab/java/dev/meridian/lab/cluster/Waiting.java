package dev.meridian.lab.cluster;

import java.sql.SQLException;
import java.time.Duration;

/// Waits for what the stores do by themselves.
public final class Waiting {
    private static final Duration SOON = Duration.ofSeconds(20);

    private Waiting() {}

    /// Something to wait for.
    public interface Condition {
        boolean holds() throws SQLException;
    }

    /// @param what for people, when it does not come
    /// @throws IllegalStateException when it does not hold soon
    public static void until(String what, Condition condition) throws InterruptedException, SQLException {
        if (!holdsWithin(SOON, condition)) throw new IllegalStateException("waited in vain for " + what);
    }

    /// Waits until it holds, or until the limit.
    static boolean holdsWithin(Duration limit, Condition condition) throws InterruptedException, SQLException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) return false;
            Thread.sleep(50);
        }
        return true;
    }
}
