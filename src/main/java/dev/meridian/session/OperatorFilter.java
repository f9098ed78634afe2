package dev.meridian.session;

import dev.meridian.http.FilterOrder;
import dev.meridian.http.TrustedProxies;
import jakarta.annotation.Priority;
import jakarta.inject.Provider;

/// Enforces [OperatorOnly].
@jakarta.ws.rs.ext.Provider
@OperatorOnly
@Priority(FilterOrder.AUTHENTICATION)
class OperatorFilter extends StaffFilter {
    OperatorFilter(Provider<Callers> callers, Provider<TrustedProxies> proxies) {
        super(Role.OPERATOR, callers, proxies);
    }
}
