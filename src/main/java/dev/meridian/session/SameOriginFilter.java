package dev.meridian.session;

import dev.meridian.http.FilterOrder;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;

/// Removes `Origin` from requests of this service's own pages, so that the CORS filter of Quarkus, which would answer
/// 403, and [SessionFilter] only see the origins of other sites.
///
/// The CORS filter compares the scheme too. Behind a load balancer that terminates TLS it sees http where the
/// browser sends https, and it trusts `X-Forwarded-Proto` only from configured proxies. The scheme proves
/// nothing here: a page under this host name is a page of this service. `X-Forwarded-Host` can be trusted from
/// any client for this purpose: a page cannot make a browser send it to another site without a preflight
/// request, which does not have the header.
@ApplicationScoped
class SameOriginFilter {
    void onFilters(@Observes Filters filters) {
        filters.register(SameOriginFilter::check, FilterOrder.SAME_ORIGIN);
    }

    private static void check(RoutingContext context) {
        var request = context.request();
        var origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin != null && isOwn(request, origin)) request.headers().remove(HttpHeaders.ORIGIN);
        context.next();
    }

    /// `Sec-Fetch-Site`, which a page cannot set, comes first.
    private static boolean isOwn(HttpServerRequest request, String origin) {
        var site = request.getHeader("Sec-Fetch-Site");
        if (site != null) return site.equals("same-origin");
        var forwarded = request.getHeader("X-Forwarded-Host");
        return isUnder(origin, request.authority())
                || forwarded != null
                        && isUnder(origin, HostAndPort.parseAuthority(forwarded.split(",", 2)[0].strip(), -1));
    }

    /// @param host null when it cannot be parsed; its port is 0 or less when it has none
    private static boolean isUnder(String origin, HostAndPort host) {
        try {
            var uri = URI.create(origin);
            if (host == null || uri.getHost() == null) return false;
            int standard = "https".equals(uri.getScheme()) ? 443 : 80;
            return uri.getHost().equalsIgnoreCase(host.host())
                    && (uri.getPort() > 0 ? uri.getPort() : standard) == (host.port() > 0 ? host.port() : standard);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
