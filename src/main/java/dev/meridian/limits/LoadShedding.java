package dev.meridian.limits;

import dev.meridian.http.FilterOrder;
import dev.meridian.http.PreparedProblem;
import dev.meridian.http.RequestRefusals;
import dev.meridian.shared.SharedProblem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Answers 503, before a body is read, what would have the process take on more at once than it answers in time
/// ([ConcurrencyLimit]); lists and searches first ([Priority]). A fault in here lets the request pass.
///
/// | Metric | Tags | |
/// |---|---|---|
/// | `meridian.shedding.refused` | `priority` = `order`, `item`, `list` | counter: answers 503 |
/// | `meridian.shedding.limit` | | gauge: how many requests may be under way |
/// | `meridian.shedding.running` | | gauge: how many are |
/// | `meridian.shedding.slowdown` | | gauge: how long answers take, percent of what they take unloaded |
/// | `meridian.shedding.faults` | | counter: requests that passed because of a fault |
@ApplicationScoped
class LoadShedding {
    /// With fewer requests under way nobody waits for the event loop.
    private static final int FEW = 4;

    private static final long LOG_EVERY = Duration.ofMinutes(1).toNanos();

    private final SheddingConfig config;
    private final RequestRefusals refusals;
    private final MeterRegistry meters;
    private final Counter faults;
    private final Counter[] refused;
    private final ConcurrencyLimit limit;
    private final AtomicBoolean isProbing = new AtomicBoolean();
    private volatile long probeSent;
    private final AtomicLong loggedAt = new AtomicLong(System.nanoTime() - LOG_EVERY);
    private final AtomicBoolean isFaultReported = new AtomicBoolean();
    private PreparedProblem refusal;

    LoadShedding(SheddingConfig config, RequestRefusals refusals, MeterRegistry meters) {
        this.config = config;
        this.refusals = refusals;
        this.meters = meters;
        this.faults = meters.counter("meridian.shedding.faults");
        this.refused = Arrays.stream(Priority.values())
                .map(priority -> priority == Priority.ALWAYS ? null : counter(priority))
                .toArray(Counter[]::new);
        this.limit = new ConcurrencyLimit(
                new ConcurrencyLimit.Bounds(
                        config.limitMin(), config.limitMax(), config.slowdownMax(), config.loopDelayMax()),
                System::nanoTime);
    }

    private Counter counter(Priority priority) {
        return meters.counter(
                "meridian.shedding.refused", "priority", priority.name().toLowerCase(Locale.ROOT));
    }

    void onFilters(@Observes Filters filters) {
        if (!config.enabled()) return;
        refusal = refusals.prepare(SharedProblem.OVERLOADED, SharedProblem.OVERLOADED.title() + ".");
        filters.register(this::check, FilterOrder.SHEDDING);
        Gauge.builder("meridian.shedding.limit", limit, ConcurrencyLimit::limit).register(meters);
        Gauge.builder("meridian.shedding.running", limit, ConcurrencyLimit::underWay)
                .register(meters);
        Gauge.builder("meridian.shedding.slowdown", limit, ConcurrencyLimit::slowdown)
                .register(meters);
    }

    void check(RoutingContext context) {
        Priority tooMuch = null;
        try {
            tooMuch = admit(context);
        } catch (RuntimeException e) {
            faults.increment();
            if (isFaultReported.compareAndSet(false, true)) Log.warn("requests pass without being counted", e);
        }
        if (tooMuch == null) context.next();
        else refuse(context, tooMuch);
    }

    private void refuse(RoutingContext context, Priority priority) {
        refused[priority.ordinal()].increment();
        refusals.refuse(context, refusal);
        long now = System.nanoTime();
        long last = loggedAt.get();
        if (now - last < LOG_EVERY || !loggedAt.compareAndSet(last, now)) return;
        Log.warnf(
                "load is shed running=%d limit=%d slowdown=%d%% refusedSoFar: lists=%.0f items=%.0f orders=%.0f",
                limit.underWay(),
                limit.limit(),
                limit.slowdown(),
                refused[Priority.LIST.ordinal()].count(),
                refused[Priority.ITEM.ordinal()].count(),
                refused[Priority.ORDER.ordinal()].count());
    }

    /// @return the class of a request that may not pass, else null
    private Priority admit(RoutingContext context) {
        var request = context.request();
        var path = context.normalizedPath();
        var kind = RequestKind.of(request.method(), path);
        var priority = Priority.of(kind, path);
        if (priority == Priority.ALWAYS) return null;
        if (!limit.admits(priority)) return priority;
        var own = new RequestUnderWay(limit, alike(request.method(), path, priority), context.response());
        context.addEndHandler(own);
        own.attach();
        // A client may take its time to send a body.
        if (RequestRefusals.hasBody(request)) request.end().onSuccess(_ -> own.begin());
        else own.begin();
        if (limit.underWay() > FEW && isProbing.compareAndSet(false, true)) probe();
        return null;
    }

    /// One task at a time waits for the event loop as all others do.
    private void probe() {
        var context = Vertx.currentContext();
        probeSent = System.nanoTime();
        context.runOnContext(_ -> {
            limit.loopDelayed(System.nanoTime() - probeSent);
            isProbing.set(false);
        });
    }

    /// Requests with the same method, class and first segment of the path take similar times.
    static int alike(HttpMethod method, String path, Priority priority) {
        int hash = method.name().hashCode() * 31 + priority.ordinal();
        for (int i = 1; i < path.length() && path.charAt(i) != '/'; i++) hash = hash * 31 + path.charAt(i);
        return (hash ^ hash >>> 6 ^ hash >>> 16) & UnloadedTimes.KINDS - 1;
    }
}
