package dev.meridian.session;

import dev.meridian.http.FilterOrder;
import jakarta.annotation.Priority;
import jakarta.inject.Provider;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;

/// Enforces [CustomerOnly].
@jakarta.ws.rs.ext.Provider
@CustomerOnly
@Priority(FilterOrder.AUTHENTICATION)
class CustomerFilter implements ContainerRequestFilter {
    // Read on each call: the filter is created while the application is built.
    private final Provider<Callers> callers;

    CustomerFilter(Provider<Callers> callers) {
        this.callers = callers;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        callers.get().requireCustomer();
    }
}
