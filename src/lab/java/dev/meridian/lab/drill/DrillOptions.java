package dev.meridian.lab.drill;

import java.nio.file.Path;
import java.time.Duration;

/// The options of a drill.
///
/// @param losesRegion whether the whole Region of the writer is lost, not just the writer with its last commits
/// @param promoteAfter how long an operator takes to promote the other Region's standby when the Region is lost
/// @param warmUp before anything is measured
/// @param phase the length of each steady phase: before the failover, after it, and after the failback
/// @param ordersPerSecond of all clients together
/// @param readsPerSecond half of them of the catalog (SQL), half of carts (DynamoDB)
/// @param seed of the clients' choices
/// @param folder where `drill.html` and `drill.json` are written
public record DrillOptions(
        boolean losesRegion,
        Duration promoteAfter,
        Duration warmUp,
        Duration phase,
        double ordersPerSecond,
        double readsPerSecond,
        long seed,
        Path folder) {
    static final Path FOLDER = Path.of("target/lab");
    private static final Duration OPERATOR = Duration.ofSeconds(10);

    /// The options of a real drill.
    public static DrillOptions full(long seed) {
        return new DrillOptions(false, OPERATOR, Duration.ofSeconds(10), Duration.ofSeconds(30), 10, 20, seed, FOLDER);
    }

    /// Short enough for a test.
    public static DrillOptions quick(long seed) {
        return new DrillOptions(false, OPERATOR, Duration.ofSeconds(3), Duration.ofSeconds(6), 10, 20, seed, FOLDER);
    }

    /// Loses the whole Region of the SQL writer, and promotes the standby after this time.
    public DrillOptions withRegionLost(Duration promoteAfter) {
        return new DrillOptions(true, promoteAfter, warmUp, phase, ordersPerSecond, readsPerSecond, seed, folder);
    }

    /// How long each phase lasts.
    public DrillOptions withPhase(Duration phase) {
        return new DrillOptions(
                losesRegion, promoteAfter, warmUp, phase, ordersPerSecond, readsPerSecond, seed, folder);
    }

    /// Requests a second.
    public DrillOptions withRates(double orders, double reads) {
        return new DrillOptions(losesRegion, promoteAfter, warmUp, phase, orders, reads, seed, folder);
    }

    /// The folder for the report.
    public DrillOptions withFolder(Path folder) {
        return new DrillOptions(
                losesRegion, promoteAfter, warmUp, phase, ordersPerSecond, readsPerSecond, seed, folder);
    }
}
