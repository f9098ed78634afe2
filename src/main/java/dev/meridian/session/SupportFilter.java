package dev.meridian.session;

import dev.meridian.http.FilterOrder;
import dev.meridian.http.TrustedProxies;
import jakarta.annotation.Priority;
import jakarta.inject.Provider;

/// Enforces [SupportOnly].
@jakarta.ws.rs.ext.Provider
@SupportOnly
@Priority(FilterOrder.AUTHENTICATION)
class SupportFilter extends StaffFilter {
    SupportFilter(Provider<Callers> callers, Provider<TrustedProxies> proxies) {
        super(Role.SUPPORT, callers, proxies);
    }
}
