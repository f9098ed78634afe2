package dev.meridian.region;

import dev.meridian.shared.Loop;
import dev.meridian.shared.RegionConfig;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;

/// Writes this Region's [Beat] from time to time, one at a time. A table that cannot be written costs nothing but the
/// attempt, which is bounded as every store call is.
@ApplicationScoped
class Heartbeat {
    private static final Duration FIRST_WITHIN = Duration.ofSeconds(1);
    private static final Duration STOP_WITHIN = Duration.ofMillis(500);

    private final RegionService service;
    private final BeatRepository beats;
    private final HeartbeatConfig config;
    private final String region;
    private final Loop loop;
    private volatile boolean isFailing;

    Heartbeat(RegionService service, BeatRepository beats, HeartbeatConfig config, RegionConfig region, Vertx vertx) {
        this.service = service;
        this.beats = beats;
        this.config = config;
        this.region = region.name();
        this.loop = new Loop(vertx, "heartbeat", this::beat);
    }

    void onStart(@Observes StartupEvent start) {
        if (config.enabled()) loop.in(Loop.jitter(FIRST_WITHIN));
    }

    void onStop(@Observes ShutdownEvent stop) {
        loop.stop(STOP_WITHIN);
    }

    private Uni<Duration> beat() {
        return service.health()
                .chain(health -> beats.write(Beat.of(region, health)))
                .invoke(_ -> isFailing = false)
                .onFailure()
                .recoverWithUni(failure -> {
                    if (!isFailing) Log.warnf("other Regions hear nothing: %s", failure.getMessage());
                    isFailing = true;
                    return Uni.createFrom().voidItem();
                })
                .map(_ -> config.interval());
    }
}
