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

/// Takes the `Origin` away from requests that come from our own pages, so that what follows (Quarkus' CORS, which
/// answers 403 otherwise, and [SessionFilter]) only meets foreign ones.
///
/// Quarkus compares the scheme too. Behind whatever ends TLS it sees http where the browser says https, and to believe
/// `X-Forwarded-Proto` it must be told which proxies to trust. The scheme proves nothing here: a page under our host
/// name is ours. `X-Forwarded-Host` may be believed from anybody for this one purpose, since no page can make a browser
/// send it to another site without a preflight, which has none.
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

    /// What the browser itself says comes first.
    private static boolean isOwn(HttpServerRequest request, String origin) {
        var site = request.getHeader("Sec-Fetch-Site");
        if (site != null) return site.equals("same-origin");
        var forwarded = request.getHeader("X-Forwarded-Host");
        return isUnder(origin, request.authority())
                || forwarded != null
                        && isUnder(origin, HostAndPort.parseAuthority(forwarded.split(",", 2)[0].strip(), -1));
    }

    /// @param host null when it cannot be read; its port is 0 or less when none was given
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
