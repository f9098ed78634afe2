package dev.meridian.session;

import dev.meridian.async.RepeatingTask;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The sessions that were ended before their time, in whichever Region, as this process knows them: it reads
/// what is new every few seconds, and all of them once a minute, since what another Region wrote may arrive late.
/// While the table cannot be read, those that were read last stay ended. No request waits for it.
@ApplicationScoped
class EndedSessions {
    private static final Duration STOP_WITHIN = Duration.ofMillis(500);
    private static final Duration ALL_EVERY = Duration.ofMinutes(1);
    /// Items may arrive this much later than others and are still found by the next look.
    private static final Duration OVERLAP = Duration.ofMinutes(2);

    private final EndedSessionRepository table;
    private final SessionConfig config;
    private final boolean isOidc;
    private final RepeatingTask task;
    private final Map<String, Instant> ended = new ConcurrentHashMap<>();
    private Instant allReadAt = Instant.EPOCH;
    private boolean isFailing;
    private boolean isFull;

    EndedSessions(EndedSessionRepository table, SessionConfig config, IdentityConfig identity, Vertx vertx) {
        this.table = table;
        this.config = config;
        this.isOidc = identity.isOidc();
        this.task = new RepeatingTask(vertx, "ended-sessions", this::read);
    }

    void onStart(@Observes @Priority(RepeatingTask.START) StartupEvent start) {
        if (isOidc) task.wakeWithin(Duration.ZERO);
    }

    void onStop(@Observes ShutdownEvent stop) {
        task.stop(STOP_WITHIN);
    }

    boolean contains(String id) {
        return ended.containsKey(id);
    }

    /// Ends a session: here at once, elsewhere with the next look.
    ///
    /// @param until when it would have ended anyway
    Uni<Void> end(String id, Instant until) {
        return table.write(id, Instant.now(), until).invoke(() -> ended.put(id, until));
    }

    private Uni<Duration> read() {
        var now = Instant.now();
        boolean isAll = !now.isBefore(allReadAt.plus(ALL_EVERY));
        var longest = config.signedInLifetime().compareTo(config.staffLifetime()) > 0
                ? config.signedInLifetime()
                : config.staffLifetime();
        var since = now.minus(isAll ? longest : OVERLAP);
        return table.since(since, now)
                .invoke(found -> {
                    if (isAll) allReadAt = now;
                    isFailing = false;
                    add(found, now);
                })
                .onFailure()
                .recoverWithItem(failure -> {
                    if (!isFailing) Log.warnf("cannot read which sessions have ended: %s", failure.getMessage());
                    isFailing = true;
                    return Map.of();
                })
                .map(_ -> config.endedRefresh());
    }

    private void add(Map<String, Instant> found, Instant now) {
        ended.values().removeIf(now::isAfter);
        found.forEach((id, until) -> {
            if (now.isBefore(until) && (ended.size() < config.endedMax() || ended.containsKey(id)))
                ended.put(id, until);
        });
        boolean wasFull = isFull;
        isFull = ended.size() >= config.endedMax();
        if (isFull && !wasFull)
            Log.error("more sessions have ended than meridian.session.ended-max: some are not known");
    }
}
