package dev.meridian.http;

import dev.meridian.shared.ProblemException;
import io.quarkus.logging.Log;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/// The warnings about answers 503. The first of a kind is logged at once; those that follow are counted, and
/// logged as one line with their number at the end of each interval.
@ApplicationScoped
class Warnings {
    /// @param detail names the store, a constant of the code
    /// @param cause the class of the cause; its text may be another each time
    private record Kind(String problem, String detail, String cause) {
        static Kind of(ProblemException e) {
            var cause = e.getCause() == null ? "" : e.getCause().getClass().getSimpleName();
            return new Kind(e.code().name(), e.getMessage(), cause);
        }

        @Override
        public String toString() {
            return problem + ": " + detail;
        }
    }

    private final Vertx vertx;
    private final Duration interval;
    private final Consumer<String> log;
    /// How often each kind occurred in its present interval, without the one that began it.
    private final ConcurrentMap<Kind, Long> repeated = new ConcurrentHashMap<>();

    @Inject
    Warnings(Vertx vertx, HttpConfig config) {
        this(vertx, config.warningInterval(), Log::warn);
    }

    Warnings(Vertx vertx, Duration interval, Consumer<String> log) {
        this.vertx = vertx;
        this.interval = interval;
        this.log = log;
    }

    void add(ProblemException e) {
        var kind = Kind.of(e);
        boolean isFirst = repeated.compute(kind, (_, count) -> count == null ? 0 : count + 1) == 0;
        if (!isFirst) return;
        log.accept(kind + (e.getCause() == null ? "" : " (" + e.getCause() + ")"));
        vertx.setTimer(interval.toMillis(), _ -> intervalEnded(kind));
    }

    private void intervalEnded(Kind kind) {
        var count = new long[1];
        repeated.computeIfPresent(kind, (_, more) -> {
            count[0] = more;
            return more == 0 ? null : 0L;
        });
        if (count[0] == 0) return;
        log.accept("%s (%d more within %d s)".formatted(kind, count[0], Math.max(1, interval.toSeconds())));
        vertx.setTimer(interval.toMillis(), _ -> intervalEnded(kind));
    }
}
