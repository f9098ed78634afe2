package dev.meridian.http;

import io.quarkus.vertx.http.ManagementInterface;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Set;

/// Headers of every answer, whoever gives it: whether it may be kept, and by whom, what it depends on, that its
/// type is meant, and that the site is to be asked over TLS only.
///
/// What is not known to be the same for everybody is not kept (`no-store`): a new endpoint is private until it
/// stands in [#PUBLIC]. Pages have headers of their own besides ([HtmlHeaders]), and [Assets] their own lifetime.
@ApplicationScoped
class SecurityHeaders {
    private static final String NO_STORE = "no-store";

    /// May be kept, but is asked for again each time, by its entity tag where it has one.
    private static final String ASK_AGAIN = "no-cache";

    private static final String TYPE_OPTIONS = "X-Content-Type-Options";

    /// Without the hosts below this one: they may be of others (RFC 6797, section 6.1.2).
    private static final String TLS_FOR_A_YEAR = "max-age=31536000";

    private static final String FOR_ASSETS = "Accept-Encoding, Origin";
    private static final String FOR_ALL = "Accept, Accept-Encoding, Origin";
    private static final String FOR_ONE = "Accept, Accept-Encoding, Origin, Cookie, Authorization, X-Customer-Id";

    /// First segments of the paths whose reads are the same for everybody.
    private static final Set<String> PUBLIC =
            Set.of("", "catalog", "catalogue", "mysfits", "leaderboard", "LATEST", "q");

    private static final String ASSETS = "assets";

    /// With these a path may be read as another one.
    private static final List<String> ODD = List.of("//", "/.", "%", "\\", ";");

    /// No segment: a path has no slash in it.
    private static final String NONE = "/";

    private final TrustedProxies proxies;

    SecurityHeaders(TrustedProxies proxies) {
        this.proxies = proxies;
    }

    void onFilters(@Observes Filters filters) {
        filters.register(
                context -> {
                    add(context);
                    context.next();
                },
                FilterOrder.SECURITY_HEADERS);
    }

    void onManagement(@Observes ManagementInterface management) {
        management.router().route().order(Integer.MIN_VALUE + 1).handler(context -> {
            add(context, false);
            context.next();
        });
    }

    /// Adds the headers to the answer of a request, once.
    void add(RoutingContext context) {
        add(context, true);
    }

    private void add(RoutingContext context, boolean hasPublic) {
        if (context.get(TYPE_OPTIONS) != null) return;
        context.put(TYPE_OPTIONS, true);
        context.addHeadersEndHandler(_ -> complete(context, hasPublic));
    }

    /// @param hasPublic whether there are answers for everybody on this port
    private void complete(RoutingContext context, boolean hasPublic) {
        var request = context.request();
        int status = context.response().getStatusCode();
        var headers = context.response().headers();
        headers.set(TYPE_OPTIONS, "nosniff");
        headers.set(HttpHeaders.DATE, DateHeader.now());
        var segment = firstSegment(request.path());
        boolean isKept = isRead(request) && isKept(status);
        boolean isAsset = isKept && segment.equals(ASSETS);
        boolean isForAll = isKept && hasPublic && PUBLIC.contains(segment);
        // An error is never kept, whatever was promised before it occurred.
        if (status >= 400) headers.set(HttpHeaders.CACHE_CONTROL, NO_STORE);
        else if (!isAsset) setIfAbsent(headers, HttpHeaders.CACHE_CONTROL, isForAll ? ASK_AGAIN : NO_STORE);
        setIfAbsent(headers, HttpHeaders.VARY, isAsset ? FOR_ASSETS : isForAll ? FOR_ALL : FOR_ONE);
        if (proxies.isTls(request)) headers.set("Strict-Transport-Security", TLS_FOR_A_YEAR);
    }

    private static void setIfAbsent(MultiMap headers, CharSequence name, String value) {
        if (!headers.contains(name)) headers.set(name, value);
    }

    private static boolean isRead(HttpServerRequest request) {
        return request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD;
    }

    private static boolean isKept(int status) {
        return status == 200 || status == 304;
    }

    /// Of a path that means one thing: `//carts` and `/catalog/../carts` may be carts, so they have none.
    ///
    /// @param path as it was sent, null when the target has none
    private static String firstSegment(String path) {
        if (path == null || !path.startsWith("/")) return NONE;
        for (var odd : ODD) {
            if (path.contains(odd)) return NONE;
        }
        int end = path.indexOf('/', 1);
        return end < 0 ? path.substring(1) : path.substring(1, end);
    }
}
