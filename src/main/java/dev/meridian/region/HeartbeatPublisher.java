package dev.meridian.region;

import dev.meridian.async.RepeatingTask;
import dev.meridian.shared.RegionConfig;
import dev.meridian.sql.Sql;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;

/// Writes this Region's [Heartbeat] at an interval, one at a time. A failed write is logged and not repeated;
/// the next heartbeat replaces it.
@ApplicationScoped
class HeartbeatPublisher {
    private static final Duration FIRST_WITHIN = Duration.ofSeconds(1);
    private static final Duration STOP_WITHIN = Duration.ofMillis(500);

    private final RegionService service;
    private final HeartbeatRepository heartbeats;
    private final HeartbeatConfig config;
    private final Sql sql;
    private final String region;
    private final RepeatingTask task;
    private volatile boolean isFailing;

    HeartbeatPublisher(
            RegionService service,
            HeartbeatRepository heartbeats,
            HeartbeatConfig config,
            Sql sql,
            RegionConfig region,
            Vertx vertx) {
        this.service = service;
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
        return service.health()
                .chain(health -> heartbeats.write(Heartbeat.of(region, health, sql.knownTimeline())))
                .invoke(_ -> isFailing = false)
                .onFailure()
                .recoverWithUni(failure -> {
                    if (!isFailing) Log.warnf("cannot write the heartbeat: %s", failure.getMessage());
                    isFailing = true;
                    return Uni.createFrom().voidItem();
                })
                .map(_ -> config.interval());
    }
}
