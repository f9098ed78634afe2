package dev.meridian.session;

import dev.meridian.http.FilterOrder;
import dev.meridian.http.TrustedProxies;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.regex.Pattern;

/// Removes `Origin` from requests of this service's own pages, so that the CORS filter of Quarkus, which would answer
/// 403, and [SessionFilter] only see the origins of other sites.
///
/// The CORS filter compares the scheme too. Behind a load balancer that terminates TLS it sees http where the
/// browser sends https, and it trusts `X-Forwarded-Proto` only from configured proxies. The scheme proves
/// nothing here: a page under this host name is a page of this service. `X-Forwarded-Host` and `Forwarded` count as
/// [TrustedProxies] says. While no proxy is named they do from any client: a page cannot make a browser send them to
/// another site without a preflight request, which does not have them.
@ApplicationScoped
class SameOriginFilter {
    private static final Pattern ORIGIN = Pattern.compile("(https?)://([^/?#@\\s]+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern PORT = Pattern.compile(":\\d+$");
    private static final Pattern FORWARDED_HOST =
            Pattern.compile("(?:^|;)\\s*host\\s*=\\s*\"?([^\";\\s]+)\"?", Pattern.CASE_INSENSITIVE);

    private final TrustedProxies proxies;

    SameOriginFilter(TrustedProxies proxies) {
        this.proxies = proxies;
    }

    void onFilters(@Observes Filters filters) {
        filters.register(this::check, FilterOrder.SAME_ORIGIN);
    }

    private void check(RoutingContext context) {
        var request = context.request();
        var origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin != null && isOwn(request, origin)) request.headers().remove(HttpHeaders.ORIGIN);
        context.next();
    }

    /// `Sec-Fetch-Site`, which a page cannot set, comes first.
    private boolean isOwn(HttpServerRequest request, String origin) {
        var site = request.getHeader("Sec-Fetch-Site");
        if (site != null) return site.equals("same-origin");
        if (isUnder(origin, request.getHeader(HttpHeaders.HOST))) return true;
        return proxies.mayForward(request)
                && (isUnder(origin, request.getHeader("X-Forwarded-Host"))
                        || isUnder(origin, forwardedHost(request.getHeader("Forwarded"))));
    }

    /// What the first proxy was asked for (RFC 7239, section 5.3).
    private static String forwardedHost(String forwarded) {
        if (forwarded == null) return null;
        var host = FORWARDED_HOST.matcher(forwarded.split(",", 2)[0]);
        return host.find() ? host.group(1) : null;
    }

    /// As text: names of hosts need not be what a URI allows, such as `my_store` in a compose file.
    ///
    /// @param host with or without a port, the first of a list; null when there is none
    static boolean isUnder(String origin, String host) {
        if (host == null) return false;
        var parts = ORIGIN.matcher(origin);
        if (!parts.matches()) return false;
        var standard = parts.group(1).equalsIgnoreCase("https") ? ":443" : ":80";
        var own = host.split(",", 2)[0].strip();
        return !own.isEmpty() && withPort(parts.group(2), standard).equalsIgnoreCase(withPort(own, standard));
    }

    private static String withPort(String host, String standard) {
        return PORT.matcher(host).find() ? host : host + standard;
    }
}
