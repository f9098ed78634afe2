package dev.meridian.limits;

import dev.meridian.http.FilterOrder;
import dev.meridian.http.RequestRefusals;
import dev.meridian.limits.BucketOwner.Kind;
import dev.meridian.shared.ModeConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.atomic.AtomicBoolean;

/// Counts each request for its caller, before its body is read, and answers 429 when the caller's quota is used up.
/// A session is also counted for the client's address: a client could make sessions without end. A fault in here
/// lets the request pass.
///
/// | Metric | Tags | |
/// |---|---|---|
/// | `meridian.quotas.refused` | `policy`, `caller` = `session`, `machine`, `address` | counter: answers 429 |
/// | `meridian.quotas.callers` | | gauge: callers that are remembered |
/// | `meridian.quotas.forgotten` | | counter: callers forgotten while a quota of theirs was not whole |
/// | `meridian.quotas.faults` | | counter: requests that passed because of a fault |
@ApplicationScoped
class RateLimits {
    private final QuotasConfig config;
    private final BucketOwners owners;
    private final RequestRefusals refusals;
    private final MeterRegistry meters;
    private final Counter faults;
    private final AtomicBoolean isReported = new AtomicBoolean();
    private final boolean isProduction;
    private final TokenBuckets<BucketOwner> buckets;
    private final Quota[][] quotas = new Quota[Kind.values().length][];

    RateLimits(
            QuotasConfig config, BucketOwners owners, RequestRefusals refusals, MeterRegistry meters, ModeConfig mode) {
        this.config = config;
        this.owners = owners;
        this.refusals = refusals;
        this.meters = meters;
        this.faults = meters.counter("meridian.quotas.faults");
        this.isProduction = mode.mode().isProduction();
        this.buckets = new TokenBuckets<>(config.callersMax(), Policy.values().length, System::nanoTime);
        for (var kind : Kind.values()) quotas[kind.ordinal()] = Quota.all(kind, config, meters);
    }

    void onFilters(@Observes Filters filters) {
        if (!isEnabled()) return;
        filters.register(this::check, FilterOrder.RATE_LIMITS);
        Gauge.builder("meridian.quotas.callers", buckets, TokenBuckets::owners).register(meters);
        FunctionCounter.builder("meridian.quotas.forgotten", buckets, TokenBuckets::forgotten)
                .register(meters);
    }

    void onStart(@Observes StartupEvent start) {
        if (!isProduction || !owners.trustNoProxy()) return;
        Log.warn(
                isEnabled()
                        ? "meridian.http.trusted-proxies is not set: behind a load balancer all clients have one quota"
                        : "meridian.http.trusted-proxies is not set: callers have no quotas");
    }

    private boolean isEnabled() {
        return config.enabled().orElse(!owners.trustNoProxy());
    }

    void check(RoutingContext context) {
        CountedRequest counted = null;
        try {
            counted = counted(context);
            if (counted != null) counted.addHeaders(context.response());
        } catch (RuntimeException e) {
            faults.increment();
            if (isReported.compareAndSet(false, true)) Log.warn("requests pass without being counted", e);
        }
        if (counted == null || counted.level().isTaken()) context.next();
        else refuse(context, counted);
    }

    private void refuse(RoutingContext context, CountedRequest counted) {
        counted.quota().refused().increment();
        long seconds = counted.level().waitSeconds();
        context.response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
        refusals.refuse(
                context, LimitsProblem.RATE_LIMITED, counted.quota().refusal() + "; try again in " + seconds + " s.");
    }

    /// @return null when the request is not counted
    private CountedRequest counted(RoutingContext context) {
        var kind = RequestKind.of(context.request().method(), context.normalizedPath());
        if (kind == RequestKind.FREE) return null;
        var request = context.request();
        var owner = owners.of(context);
        boolean isMachine = owner.kind() == Kind.MACHINE;
        var policy = isMachine && kind == RequestKind.ADMIN ? Policy.REQUESTS : kind.policy();
        var own = take(owner, policy, kind.cost());
        if (owner.kind() != Kind.SESSION || !own.level().isTaken()) return own;
        var shared = take(owners.address(request), policy, kind.cost());
        if (shared.level().isTaken()) return own;
        buckets.giveBack(owner, policy.ordinal(), own.quota().rate(), kind.cost());
        return shared;
    }

    private CountedRequest take(BucketOwner owner, Policy policy, int cost) {
        var quota = quotas[owner.kind().ordinal()][policy.ordinal()];
        return new CountedRequest(quota, buckets.take(owner, policy.ordinal(), quota.rate(), cost));
    }
}
