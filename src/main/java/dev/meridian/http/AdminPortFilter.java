package dev.meridian.http;

import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Provider;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;

/// Lets resources below `/admin` not exist where [AdminListener] does not have them answer. Nothing else decides
/// that: this asks the REST layer's own map of paths, before the method or the type of a body is looked at.
@jakarta.ws.rs.ext.Provider
@PreMatching
class AdminPortFilter implements ContainerRequestFilter {
    private static final String ADMIN = "admin";

    // Read with each call: the filter is created while the application is built.
    private final Provider<AdminListener> listener;

    AdminPortFilter(Provider<AdminListener> listener) {
        this.listener = listener;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (!Routes.isBelow(ADMIN)) return;
        var exchange = CurrentRequestManager.get().unwrap(RoutingContext.class).request();
        if (!listener.get().isForAdministrators(exchange)) throw new NotFoundException();
    }
}
