package dev.meridian.recovery;

import dev.meridian.catalog.CatalogRecoveryService;
import dev.meridian.mysfit.AdoptionRecoveryService;
import dev.meridian.order.RecheckOutcome;
import dev.meridian.order.SettlementOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// `meridian.journal.*`: open entries, and what this process did about them. `meridian.recovery.*`: what it found
/// when it compared closed entries with the SQL writer.
@ApplicationScoped
class RecoveryMeters {
    private final MeterRegistry meters;
    private final Counter settled;
    private final Counter rejected;
    private final Counter replayed;
    private final Counter failures;
    private final Counter compared;
    private volatile int open;
    private volatile Instant oldest;

    RecoveryMeters(MeterRegistry meters) {
        this.meters = meters;
        // An alarm needs the zero before the first one.
        for (var outcome : RecheckOutcome.values()) if (outcome != RecheckOutcome.SAME) recovery(outcome);
        compared = Counter.builder("meridian.recovery.compared")
                .description("Closed entries that this process compared with the SQL writer")
                .register(meters);
        settled = counter("settled", "Open entries that this process closed, the next two included");
        rejected = counter("rejected", "Open entries that this process closed as rejected");
        replayed = counter("replayed", "Orders lost in a failover that this process confirmed again");
        failures = counter("failures", "Attempts at an open entry that failed while the stores were there");
        Gauge.builder("meridian.journal.open", this, own -> own.open)
                .description("Open entries, counted up to meridian.settler.count-max in each partition")
                .register(meters);
        Gauge.builder("meridian.journal.oldest.age", this, RecoveryMeters::age)
                .description("Age of the oldest open entry; 0 when none is open")
                .baseUnit("seconds")
                .register(meters);
    }

    void failing(RetryBackoff failing) {
        Gauge.builder("meridian.journal.failing", failing, RetryBackoff::size)
                .description("Open entries that this process cannot settle although the stores are there")
                .register(meters);
    }

    void open(int entries, Optional<Instant> oldestAcceptedAt) {
        open = entries;
        oldest = oldestAcceptedAt.orElse(null);
    }

    void settled(SettlementOutcome outcome) {
        if (outcome == SettlementOutcome.UNCHANGED) return;
        settled.increment();
        if (outcome == SettlementOutcome.REJECTED) rejected.increment();
        if (outcome == SettlementOutcome.REPLAYED) replayed.increment();
    }

    void compared(int entries) {
        compared.increment(entries);
    }

    void rechecked(RecheckOutcome outcome) {
        if (outcome != RecheckOutcome.SAME) recovery(outcome).increment();
    }

    void replayed(CatalogRecoveryService.Replay changes) {
        meters.counter("meridian.recovery.changes.replayed").increment(changes.replayed());
        meters.counter("meridian.recovery.changes.failed").increment(changes.failed());
    }

    void restored(AdoptionRecoveryService.Restored adoptions) {
        meters.counter("meridian.recovery.adoptions.restored").increment(adoptions.restored());
        meters.counter("meridian.recovery.adoptions.different").increment(adoptions.different());
    }

    private Counter recovery(RecheckOutcome outcome) {
        var name = outcome.name().toLowerCase(Locale.ROOT).replace('_', '.');
        return meters.counter("meridian.recovery." + name);
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
