package dev.meridian.lab;

import dev.meridian.lab.check.Verdict;
import dev.meridian.lab.fault.Fault;
import java.net.URI;
import java.util.List;
import java.util.Set;

/// A running lab of two Regions, as the page, the drill and the schedules see it.
public interface Lab extends AutoCloseable {
    /// Starts both Regions and waits until both are healthy. Takes seconds.
    static Lab start(LabOptions options) {
        return TwoRegions.start(options);
    }

    /// What runs: `native binary …` or `jar …`.
    String artifact();

    /// The Regions; the SQL writer is in the first one at the start and after [#heal].
    List<String> regions();

    /// The router, which a browser may be pointed at.
    URI router();

    /// A Region's own service, past the router, through the proxy in front of it.
    URI service(String region);

    /// PostgreSQL of a Region itself, past all proxies: a JDBC URL with user and password.
    default String sqlUrl(String region) {
        throw new UnsupportedOperationException("no SQL in " + region);
    }

    /// Confirmed orders that the new writer lacked in the last [Fault#FAILOVER_LOSING_TAIL], by comparing both.
    default Set<String> lostTail() {
        return Set.of();
    }

    /// What is now. Cheap: it may be called five times a second and waits for nothing.
    LabState state();

    /// Makes a fault happen. Returns when it has happened, which takes seconds for those that have several steps.
    ///
    /// @param region where, one of [#regions]; ignored where it makes no sense
    void inject(Fault fault, String region);

    /// Undoes all faults and makes a healthy pair again, the SQL writer in the first Region.
    void heal();

    /// Starts the clients; nothing when they run.
    void startLoad();

    /// Stops the clients and waits for their last answers.
    void stopLoad();

    /// Stops the load, heals, waits until all has converged, and compares what clients were told with what is
    /// stored.
    Verdict check();

    /// Ends every process of the lab.
    @Override
    void close();
}
