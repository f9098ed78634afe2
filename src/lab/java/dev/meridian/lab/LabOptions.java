package dev.meridian.lab;

import java.time.Duration;

/// The options of a lab.
///
/// @param seed of the clients' choices
/// @param rate requests per second of all clients together
/// @param replicationLag the delay of each change in DynamoDB's replication
/// @param mrsc whether the order journal is one strongly consistent (MRSC) table for both Regions
/// @param defect a deliberate defect that the checker must find
/// @param healthInterval the interval of the router's health checks
/// @param timeToLive how long a client uses the Region that the router named
/// @param routing how the router chooses
public record LabOptions(
        long seed,
        double rate,
        Duration replicationLag,
        boolean mrsc,
        SeededDefect defect,
        Duration healthInterval,
        Duration timeToLive,
        Routing routing) {
    /// How the router chooses among healthy Regions.
    public enum Routing {
        /// The first Region while it is healthy.
        FAILOVER,
        /// Each Region gets half of the clients.
        WEIGHTED,
        /// Each client uses its own nearest Region.
        LATENCY
    }

    /// The options of tests: fast detection, no real-world waits.
    static LabOptions quick(long seed) {
        return new LabOptions(
                seed,
                60,
                Duration.ofMillis(300),
                false,
                SeededDefect.NOTHING,
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Routing.WEIGHTED);
    }

    LabOptions withSeed(long seed) {
        return new LabOptions(seed, rate, replicationLag, mrsc, defect, healthInterval, timeToLive, routing);
    }

    LabOptions withRate(double rate) {
        return new LabOptions(seed, rate, replicationLag, mrsc, defect, healthInterval, timeToLive, routing);
    }

    LabOptions withReplicationLag(Duration lag) {
        return new LabOptions(seed, rate, lag, mrsc, defect, healthInterval, timeToLive, routing);
    }

    LabOptions withMrsc(boolean mrsc) {
        return new LabOptions(seed, rate, replicationLag, mrsc, defect, healthInterval, timeToLive, routing);
    }

    LabOptions withDefect(SeededDefect defect) {
        return new LabOptions(seed, rate, replicationLag, mrsc, defect, healthInterval, timeToLive, routing);
    }

    LabOptions withHealthInterval(Duration interval) {
        return new LabOptions(seed, rate, replicationLag, mrsc, defect, interval, timeToLive, routing);
    }

    LabOptions withTimeToLive(Duration ttl) {
        return new LabOptions(seed, rate, replicationLag, mrsc, defect, healthInterval, ttl, routing);
    }

    LabOptions withRouting(Routing routing) {
        return new LabOptions(seed, rate, replicationLag, mrsc, defect, healthInterval, timeToLive, routing);
    }
}
