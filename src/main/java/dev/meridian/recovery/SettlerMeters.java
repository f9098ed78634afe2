package dev.meridian.recovery;

import dev.meridian.order.Settled;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// `meridian.journal.*`: what is open, and what this process did about it.
@ApplicationScoped
class SettlerMeters {
    private final MeterRegistry meters;
    private final Counter settled;
    private final Counter rejected;
    private final Counter replayed;
    private final Counter failures;
    private volatile int open;
    private volatile Instant oldest;

    SettlerMeters(MeterRegistry meters) {
        this.meters = meters;
        settled = counter("settled", "Open entries that this process closed, the next two included");
        rejected = counter("rejected", "Open entries that this process closed as rejected");
        replayed = counter("replayed", "Orders lost in a failover that this process confirmed again");
        failures = counter("failures", "Attempts at an open entry that failed while the stores were there");
        Gauge.builder("meridian.journal.open", this, own -> own.open)
                .description("Open entries, counted up to meridian.settler.count-max in each partition")
                .register(meters);
        Gauge.builder("meridian.journal.oldest.age", this, SettlerMeters::age)
                .description("Age of the oldest open entry; 0 when none is open")
                .baseUnit("seconds")
                .register(meters);
    }

    void failing(Failing failing) {
        Gauge.builder("meridian.journal.failing", failing, Failing::size)
                .description("Open entries that this process cannot carry out although the stores are there")
                .register(meters);
    }

    void open(int entries, Optional<Instant> oldestAcceptedAt) {
        open = entries;
        oldest = oldestAcceptedAt.orElse(null);
    }

    void settled(Settled what) {
        if (what == Settled.LEFT) return;
        settled.increment();
        if (what == Settled.REJECTED) rejected.increment();
        if (what == Settled.REPLAYED) replayed.increment();
    }

    void failed() {
        failures.increment();
    }

    private double age() {
        var since = oldest;
        return since == null
                ? 0
                : Math.max(0, Duration.between(since, Instant.now()).toMillis() / 1000.0);
    }

    private Counter counter(String name, String description) {
        return Counter.builder("meridian.journal." + name)
                .description(description)
                .register(meters);
    }
}
