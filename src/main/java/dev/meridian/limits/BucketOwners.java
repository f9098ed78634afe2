package dev.meridian.limits;

import dev.meridian.http.TrustedProxies;
import dev.meridian.limits.BucketOwner.Kind;
import dev.meridian.session.Callers;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;

/// Names whose quota a request is counted for. Only what cannot be forged names anybody, so `X-Customer-Id` does
/// not.
@ApplicationScoped
class BucketOwners {
    private final Callers callers;
    private final TrustedProxies proxies;

    BucketOwners(Callers callers, TrustedProxies proxies) {
        this.callers = callers;
        this.proxies = proxies;
    }

    /// The owner of a known admin token, else the machine or the person of a token or session, else the client's
    /// address.
    BucketOwner of(RoutingContext context) {
        var caller = callers.of(context);
        if (caller.administrator().isPresent())
            return new BucketOwner(Kind.MACHINE, caller.administrator().get());
        if (caller.machine().isPresent())
            return new BucketOwner(Kind.MACHINE, caller.machine().get());
        return caller.visitor()
                .map(id -> new BucketOwner(Kind.SESSION, id))
                .orElseGet(() -> address(context.request()));
    }

    /// Whether `X-Forwarded-For` is never believed.
    boolean trustNoProxy() {
        return proxies.isNone();
    }

    /// The client's address, which has a quota for all its callers together.
    BucketOwner address(HttpServerRequest request) {
        return new BucketOwner(Kind.ADDRESS, proxies.network(request));
    }
}
