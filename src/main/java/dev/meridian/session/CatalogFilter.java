package dev.meridian.session;

import dev.meridian.http.FilterOrder;
import dev.meridian.http.TrustedProxies;
import jakarta.annotation.Priority;
import jakarta.inject.Provider;

/// Enforces [CatalogOnly].
@jakarta.ws.rs.ext.Provider
@CatalogOnly
@Priority(FilterOrder.AUTHENTICATION)
class CatalogFilter extends StaffFilter {
    CatalogFilter(Provider<Callers> callers, Provider<TrustedProxies> proxies) {
        super(Role.CATALOG, callers, proxies);
    }
}
