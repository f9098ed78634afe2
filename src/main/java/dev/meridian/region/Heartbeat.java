package dev.meridian.region;

import dev.meridian.shared.RegionConfig;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// Writes this Region's [Beat] from time to time, one at a time. A table that cannot be written costs nothing but the
/// attempt, which is bounded as every store call is.
@ApplicationScoped
class Heartbeat {
    private final RegionService service;
    private final BeatRepository beats;
    private final HeartbeatConfig config;
    private final String region;
    private final Vertx vertx;
    private volatile boolean isStopped;
    private volatile boolean isFailing;

    Heartbeat(RegionService service, BeatRepository beats, HeartbeatConfig config, RegionConfig region, Vertx vertx) {
        this.service = service;
        this.beats = beats;
        this.config = config;
        this.region = region.name();
        this.vertx = vertx;
    }

    void onStart(@Observes StartupEvent start) {
        if (config.enabled()) in(Duration.ofMillis(ThreadLocalRandom.current().nextLong(1000)));
    }

    void onStop(@Observes ShutdownEvent stop) {
        isStopped = true;
    }

    private void in(Duration pause) {
        if (isStopped) return;
        vertx.setTimer(Math.max(1, pause.toMillis()), _ -> {
            // A context of its own, as a request has one: what is called comes back to it.
            var context = VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext());
            context.runOnContext(_ -> beat());
        });
    }

    private void beat() {
        if (isStopped) return;
        service.health()
                .chain(health -> beats.write(Beat.of(region, health)))
                .subscribe()
                .with(
                        _ -> {
                            isFailing = false;
                            in(config.interval());
                        },
                        failure -> {
                            if (!isFailing) Log.warnf("other Regions hear nothing: %s", failure.getMessage());
                            isFailing = true;
                            in(config.interval());
                        });
    }
}
