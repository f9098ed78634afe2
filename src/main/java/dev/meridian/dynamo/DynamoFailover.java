package dev.meridian.dynamo;

import dev.meridian.dynamo.DynamoReplicas.Replica;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Which replica the calls of this process go to: this Region's, or the fallback's while this Region's DynamoDB fails
/// for longer than `meridian.dynamo.fallback.after` and the fallback answers (docs/adr/0009).
///
/// Only the owner of the flag [#changing] changes the state: the call that noticed the outage, then the probes that it
/// started, until calls go back. So at most one probe runs at a time.
@ApplicationScoped
class DynamoFailover {
    private static final long NONE = Long.MIN_VALUE;

    private final DynamoConfig config;
    private final TablesConfig tables;
    private final Vertx vertx;
    private final Replica local;
    private final Optional<Replica> fallback;
    private final AtomicBoolean changing = new AtomicBoolean();
    /// When the current series of failures began, by [System#nanoTime].
    private final AtomicLong failingSince = new AtomicLong(NONE);

    private volatile Replica current;
    private volatile boolean isClosed;
    /// Whether the log says already, in this outage, that the fallback does not answer either.
    private volatile boolean isStuck;

    DynamoFailover(
            DynamoReplicas replicas, DynamoConfig config, TablesConfig tables, MeterRegistry meters, Vertx vertx) {
        this.config = config;
        this.tables = tables;
        this.vertx = vertx;
        this.local = replicas.local();
        this.fallback = replicas.fallback();
        this.current = local;
        if (fallback.isEmpty()) return;
        Gauge.builder(
                        "meridian.dynamo.fallback.active",
                        this,
                        own -> own.fallbackRegion().isPresent() ? 1 : 0)
                .description("1 while calls go to the fallback Region's replica")
                .register(meters);
    }

    @PreDestroy
    void close() {
        isClosed = true;
        fallback.ifPresent(replica -> replica.client().close());
    }

    boolean hasFallback() {
        return fallback.isPresent();
    }

    /// Where calls go now.
    Replica current() {
        return current;
    }

    /// The fallback Region, while calls go there.
    Optional<String> fallbackRegion() {
        var now = current;
        return now == local ? Optional.empty() : Optional.of(now.region());
    }

    /// The replica for an earlier value of [#fallbackRegion].
    Replica replica(Optional<String> fallbackRegion) {
        return fallbackRegion.isPresent() ? fallback.orElseThrow() : local;
    }

    /// A replica answered a call; a refusal is an answer too.
    void answered(Replica replica) {
        if (replica != local || failingSince.get() == NONE) return;
        failingSince.set(NONE);
        isStuck = false;
    }

    /// A replica did not answer a call, or answered with a server error.
    void failed(Replica replica) {
        if (fallback.isEmpty() || replica != local || current != local) return;
        long now = System.nanoTime();
        if (failingSince.compareAndSet(NONE, now)) return;
        var after = config.fallback().after().toNanos();
        if (now - failingSince.get() >= after && changing.compareAndSet(false, true)) tryFallback(fallback.get());
    }

    /// Probes the fallback. Calls go to it only after it has answered.
    private void tryFallback(Replica other) {
        probe(other)
                .subscribe()
                .with(
                        _ -> {
                            current = other;
                            Log.infof(
                                    "DynamoDB of this Region does not answer: calls go to the fallback from=%s to=%s",
                                    local.region(), other.region());
                            in(() -> probeLocal(0));
                        },
                        failure -> {
                            if (!isStuck) {
                                Log.warnf(
                                        "DynamoDB answers neither here nor in the fallback Region from=%s to=%s: %s",
                                        local.region(), other.region(), failure.getMessage());
                            }
                            isStuck = true;
                            in(() -> changing.set(false));
                        });
    }

    private void probeLocal(int answersBefore) {
        probe(local).subscribe().with(_ -> answeredAgain(answersBefore + 1), _ -> in(() -> probeLocal(0)));
    }

    private void answeredAgain(int answers) {
        if (answers < config.fallback().returnAfter()) {
            in(() -> probeLocal(answers));
            return;
        }
        failingSince.set(NONE);
        isStuck = false;
        current = local;
        changing.set(false);
        Log.infof("DynamoDB of this Region answers again: calls go back to it region=%s", local.region());
    }

    /// A strongly consistent read of the item that health reads too; whether it exists does not matter.
    private Uni<Void> probe(Replica replica) {
        var table = tables.prefix() + DynamoTable.REGIONS.baseName();
        var key = Map.of(DynamoTable.REGIONS.hashKey(), AttributeValue.fromS(local.region()));
        return Uni.createFrom()
                .completionStage(() -> replica.client()
                        .getItem(r -> r.tableName(table).key(key).consistentRead(true)))
                .ifNoItem()
                .after(config.attemptTimeout())
                .fail()
                .replaceWithVoid();
    }

    private void in(Runnable step) {
        if (isClosed) return;
        long pause = Math.max(1, config.fallback().probeInterval().toMillis());
        // A context of its own: the request that noticed the outage, and its trace, end earlier.
        vertx.setTimer(
                pause,
                _ -> VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext())
                        .runOnContext(_ -> step.run()));
    }
}
