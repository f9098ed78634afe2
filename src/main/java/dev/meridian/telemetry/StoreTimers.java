package dev.meridian.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// The timers `meridian.store.calls` of one store. Cached, since a look-up in the registry costs more than the
/// measurement.
public final class StoreTimers {
    /// Bounds of the buckets, for percentiles: few, since each is a time series for each operation and outcome.
    private static final Duration[] BOUNDS = IntStream.of(5, 10, 25, 50, 100, 250, 1000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

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
        return Timer.builder("meridian.store.calls")
                .tags("store", store, "operation", operation, "outcome", outcome)
                .serviceLevelObjectives(BOUNDS)
                .register(meters);
    }
}
