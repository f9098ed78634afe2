package dev.meridian.lab;

import java.time.Duration;

/// The options of a lab.
///
/// @param seed of the clients' choices
/// @param rate requests per second of all clients together
/// @param replicationLag the delay of each change in DynamoDB's replication
/// @param roundTrip between the Regions, beside that lag
/// @param mrsc whether the order journal is one strongly consistent (MRSC) table for both Regions
/// @param defect a deliberate defect that the checker must find
/// @param healthInterval the interval of the router's health checks
/// @param timeToLive how long a client uses the Region that the router named
/// @param routing how the router chooses
/// @param hasIdentity whether customers prove who they are (`meridian.identity` is `oidc`), by the token of a machine
public record LabOptions(
        long seed,
        double rate,
        Duration replicationLag,
        Duration roundTrip,
        boolean mrsc,
        SeededDefect defect,
        Duration healthInterval,
        Duration timeToLive,
        Routing routing,
        boolean hasIdentity) {
    /// Ireland to Virginia.
    static final Duration ROUND_TRIP = Duration.ofMillis(80);

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
                ROUND_TRIP,
                false,
                SeededDefect.NOTHING,
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Routing.WEIGHTED,
                false);
    }

    /// How long a change in DynamoDB takes to the other Region: the lag, and the way.
    public Duration delay(Duration lag) {
        return lag.plus(roundTrip.dividedBy(2));
    }

    LabOptions withSeed(long seed) {
        return new LabOptions(
                seed, rate, replicationLag, roundTrip, mrsc, defect, healthInterval, timeToLive, routing, hasIdentity);
    }

    LabOptions withRate(double rate) {
        return new LabOptions(
                seed, rate, replicationLag, roundTrip, mrsc, defect, healthInterval, timeToLive, routing, hasIdentity);
    }

    LabOptions withReplicationLag(Duration lag) {
        return new LabOptions(
                seed, rate, lag, roundTrip, mrsc, defect, healthInterval, timeToLive, routing, hasIdentity);
    }

    LabOptions withRoundTrip(Duration roundTrip) {
        return new LabOptions(
                seed, rate, replicationLag, roundTrip, mrsc, defect, healthInterval, timeToLive, routing, hasIdentity);
    }

    LabOptions withMrsc(boolean mrsc) {
        return new LabOptions(
                seed, rate, replicationLag, roundTrip, mrsc, defect, healthInterval, timeToLive, routing, hasIdentity);
    }

    LabOptions withDefect(SeededDefect defect) {
        return new LabOptions(
                seed, rate, replicationLag, roundTrip, mrsc, defect, healthInterval, timeToLive, routing, hasIdentity);
    }

    LabOptions withHealthInterval(Duration interval) {
        return new LabOptions(
                seed, rate, replicationLag, roundTrip, mrsc, defect, interval, timeToLive, routing, hasIdentity);
    }

    LabOptions withTimeToLive(Duration ttl) {
        return new LabOptions(
                seed, rate, replicationLag, roundTrip, mrsc, defect, healthInterval, ttl, routing, hasIdentity);
    }

    LabOptions withRouting(Routing routing) {
        return new LabOptions(
                seed, rate, replicationLag, roundTrip, mrsc, defect, healthInterval, timeToLive, routing, hasIdentity);
    }

    LabOptions withIdentity(boolean hasIdentity) {
        return new LabOptions(
                seed, rate, replicationLag, roundTrip, mrsc, defect, healthInterval, timeToLive, routing, hasIdentity);
    }
}
