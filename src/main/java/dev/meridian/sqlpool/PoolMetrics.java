package dev.meridian.sqlpool;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/// The metrics of one pool.
///
/// | Name | Tags | |
/// |---|---|---|
/// | `meridian.sql.connections` | `pool`, `state` = `active`, `idle` | gauge |
/// | `meridian.sql.pending` | `pool` | gauge: statements that wait for a connection or a server |
/// | `meridian.sql.available` | `pool` | gauge: 1 while there is a server, else 0 |
/// | `meridian.sql.lost` | `pool` | counter: times the server was lost |
/// | `meridian.sql.absence` | `pool` | timer: how long there was no server, each time one was found |
/// | `meridian.sql.writer.changes` | | counter: changes of the writer, the first one found included |
/// | `meridian.sql.writer.epoch` | | gauge: the writer epoch that the process knows; 0 for none |
/// | `meridian.sql.fallbacks` | `outcome` = `taken`, `refused` | counter: reads passed to the writer, or failed |
final class PoolMetrics {
    private final MeterRegistry registry;
    private final String pool;
    private final Counter lost;
    private final Timer absence;

    PoolMetrics(MeterRegistry registry, String pool) {
        this.registry = registry;
        this.pool = pool;
        this.lost = registry.counter("meridian.sql.lost", "pool", pool);
        this.absence = registry.timer("meridian.sql.absence", "pool", pool);
    }

    void watch(StatementPool watched) {
        gauge("connections", "active", watched, pool -> pool.ask(PoolState::inUse));
        gauge("connections", "idle", watched, pool -> pool.ask(PoolState::idle));
        gauge("pending", null, watched, pool -> pool.ask(PoolState::pending));
        gauge("available", null, watched, pool -> pool.hasServer() ? 1 : 0);
    }

    void watch(EpochFence watched) {
        Gauge.builder("meridian.sql.writer.epoch", watched, EpochFence::epoch).register(registry);
    }

    Counter counter(String name, String... tags) {
        return registry.counter("meridian.sql." + name, tags);
    }

    void lost() {
        lost.increment();
    }

    void found(Duration outage) {
        absence.record(outage);
    }

    private void gauge(String name, String state, StatementPool watched, ToDoubleFunction<StatementPool> value) {
        var gauge = Gauge.builder("meridian.sql." + name, watched, value).tag("pool", pool);
        if (state != null) gauge.tag("state", state);
        gauge.register(registry);
    }
}
