package dev.meridian.session;

import dev.meridian.http.FilterOrder;
import jakarta.annotation.Priority;
import jakarta.inject.Provider;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;

/// Refuses a bearer of the provider that is not valid, whatever it is sent to (RFC 6750, section 3.1). Where identity
/// is open no such bearer is read.
@jakarta.ws.rs.ext.Provider
@Priority(FilterOrder.AUTHENTICATION - 1)
class BearerFilter implements ContainerRequestFilter {
    // Read on each call: the filter is created while the application is built.
    private final Provider<Callers> callers;

    BearerFilter(Provider<Callers> callers) {
        this.callers = callers;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (!callers.get().isOpen()) callers.get().current().requireVerified();
    }
}
