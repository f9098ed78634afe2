package dev.meridian.region;

import dev.meridian.async.RepeatingTask;
import dev.meridian.shared.RegionConfig;
import dev.meridian.sql.Sql;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Writes the [TaskBeat] of this process at an interval, and the [Heartbeat] of its Region when no other task
/// has done so lately. A failed write is logged and not repeated; the next heartbeat replaces it. Deletes
/// what tasks that are long dead have left.
@ApplicationScoped
class HeartbeatPublisher {
    private static final Duration FIRST_WITHIN = Duration.ofSeconds(1);
    private static final Duration STOP_WITHIN = Duration.ofMillis(500);
    /// A task that has missed so many is taken for dead. Its own Region hears it without a lag.
    private static final int MISSED = 3;

    private static final int REMOVED_AT_ONCE = 10;

    private final RegionService service;
    private final RegionRepository table;
    private final HeartbeatRepository heartbeats;
    private final HeartbeatConfig config;
    private final Sql sql;
    private final String region;
    private final boolean settles;
    private final RepeatingTask task;
    private volatile boolean isFailing;

    HeartbeatPublisher(
            RegionService service,
            RegionRepository table,
            HeartbeatRepository heartbeats,
            HeartbeatConfig config,
            Sql sql,
            RegionConfig region,
            @ConfigProperty(name = "meridian.settler.enabled", defaultValue = "true") boolean settles,
            Vertx vertx) {
        this.service = service;
        this.table = table;
        this.settles = settles;
        this.heartbeats = heartbeats;
        this.config = config;
        this.sql = sql;
        this.region = region.name();
        this.task = new RepeatingTask(vertx, "heartbeat", this::publish);
    }

    void onStart(@Observes @Priority(RepeatingTask.START) StartupEvent start) {
        if (config.enabled()) task.wakeWithin(RepeatingTask.jitter(FIRST_WITHIN));
    }

    void onStop(@Observes ShutdownEvent stop) {
        task.stop(STOP_WITHIN);
    }

    private Uni<Duration> publish() {
        // Health has read the table.
        return service.health()
                .chain(health -> heartbeats
                        .write(beat(Instant.now().truncatedTo(ChronoUnit.MILLIS)))
                        .chain(() -> isRegionDue()
                                ? heartbeats.write(Heartbeat.of(region, health, sql.knownTimeline()))
                                : Uni.createFrom().voidItem()))
                .chain(this::removeForgotten)
                .invoke(_ -> isFailing = false)
                .onFailure()
                .recoverWithUni(failure -> {
                    if (!isFailing) Log.warnf("cannot write the heartbeat: %s", failure.getMessage());
                    isFailing = true;
                    return Uni.createFrom().voidItem();
                })
                .map(_ -> config.interval());
    }

    private TaskBeat beat(Instant now) {
        return new TaskBeat(
                region,
                service.task(),
                now,
                now.plus(config.interval().multipliedBy(MISSED)),
                settles,
                sql.knownTimeline(),
                sql.writerChangedAt());
    }

    /// Two tasks that ask at once both write it: no harm.
    private boolean isRegionDue() {
        var before = Instant.now().minus(config.interval());
        return table.last().beats().stream()
                .noneMatch(beat -> beat.region().equals(region) && beat.at().isAfter(before));
    }

    /// All tasks do this, so each takes some at random.
    private Uni<Void> removeForgotten() {
        var now = Instant.now();
        var forgotten = new ArrayList<>(table.last().tasks().stream()
                .filter(beat -> beat.isForgotten(now))
                .toList());
        Collections.shuffle(forgotten);
        return Multi.createFrom()
                .items(forgotten.stream().limit(REMOVED_AT_ONCE))
                .onItem()
                .transformToUniAndConcatenate(heartbeats::remove)
                .collect()
                .last()
                .replaceWithVoid();
    }
}
