package dev.meridian.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// The timers `meridian.store.calls` of one store. Cached, since a look-up in the registry costs more than the
/// measurement.
public final class StoreTimers {
    private final MeterRegistry meters;
    private final String store;
    private final Map<String, Map<String, Timer>> known = new ConcurrentHashMap<>();

    /// @param store the tag `store`: `dynamodb`, `sql-reader`, `sql-writer`
    public StoreTimers(MeterRegistry meters, String store) {
        this.meters = meters;
        this.store = store;
    }

    /// Records a call that has ended.
    ///
    /// @param operation a constant: each value becomes a time series
    /// @param outcome a constant, likewise
    /// @param begun by [System#nanoTime]
    public void ended(String operation, String outcome, long begun) {
        known.computeIfAbsent(operation, _ -> new ConcurrentHashMap<>())
                .computeIfAbsent(outcome, _ -> timer(operation, outcome))
                .record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
    }

    private Timer timer(String operation, String outcome) {
        return meters.timer("meridian.store.calls", "store", store, "operation", operation, "outcome", outcome);
    }
}
