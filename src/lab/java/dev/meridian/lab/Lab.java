package dev.meridian.lab;

import dev.meridian.lab.check.Verdict;
import dev.meridian.lab.fault.Fault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// A running lab of two Regions, as the page, the drill and the schedules see it.
public interface Lab extends AutoCloseable {
    /// Starts both Regions and waits until both are healthy. Takes seconds.
    static Lab start(LabOptions options) {
        return TwoRegions.start(options);
    }

    /// The artifact under test: `native binary …` or `jar …`.
    String artifact();

    /// The round trip between the Regions.
    default Duration roundTrip() {
        return Duration.ZERO;
    }

    /// The Regions; the SQL writer is in the first one at the start and after [#heal].
    List<String> regions();

    /// The router's address, also for a browser.
    URI router();

    /// A Region's own service, past the router, through the proxy in front of it.
    URI service(String region);

    /// The same service's port for administrators.
    default URI administration(String region) {
        throw new UnsupportedOperationException("no administration in " + region);
    }

    /// PostgreSQL of a Region itself, past all proxies: a JDBC URL with user and password.
    default String sqlUrl(String region) {
        throw new UnsupportedOperationException("no SQL in " + region);
    }

    /// Confirmed orders that the new writer lacked in the last [Fault#FAILOVER_LOSING_TAIL], by comparing both.
    default Set<String> lostTail() {
        return Set.of();
    }

    /// The current state. Cheap and never waits: it may be called five times a second.
    LabState state();

    /// Injects a fault. Returns when it is done, which takes seconds for faults of several steps.
    ///
    /// @param region one of [#regions]; ignored for faults without a Region
    void inject(Fault fault, String region);

    /// Undoes all faults and makes a healthy pair again, the SQL writer in the first Region.
    void heal();

    /// Starts the clients; does nothing when they run.
    void startLoad();

    /// Stops the clients and waits for their last responses.
    void stopLoad();

    /// Stops the load, heals, waits for convergence, and compares the responses to clients with the stores.
    Verdict check();

    /// Ends every process of the lab.
    @Override
    void close();
}
