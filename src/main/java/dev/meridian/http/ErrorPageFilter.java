package dev.meridian.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.shared.Problem;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.inject.Provider;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;

/// Turns problems into pages for browsers and into JSON for all others, and gives every page its headers.
@jakarta.ws.rs.ext.Provider
@Priority(FilterOrder.ERROR_PAGE)
class ErrorPageFilter implements ContainerResponseFilter {
    /// First segments of paths without pages. Problems there are JSON for all clients: some HTTP libraries send
    /// `Accept: text/html` by default.
    private static final Set<String> APIS =
            Set.of("admin", "carts", "catalogue", "customers", "health", "LATEST", "q", "ticket", "topology", "v1");

    private static final String HTML = "text/html";

    private final Provider<ErrorPages> pages;
    private final Provider<ObjectMapper> json;

    ErrorPageFilter(Provider<ErrorPages> pages, Provider<ObjectMapper> json) {
        this.pages = pages;
        this.json = json;
    }

    /// Whether the client is a browser that wants a page.
    ///
    /// @param accept the header, may be null
    static boolean wantsPage(String path, String accept) {
        int html = accept == null ? -1 : accept.indexOf(HTML);
        if (html < 0) return false;
        int json = accept.indexOf("json");
        return (json < 0 || html < json)
                && !APIS.contains(path.replaceFirst("^/", "").split("[/;]", 2)[0]);
    }

    /// Where a visitor may try again: the same page, or for a form the page that `Referer` names.
    ///
    /// @return null when there is none
    static String retry(HttpServerRequest request) {
        if (request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD) return request.uri();
        try {
            var form = request.getHeader("Referer");
            if (form == null) return null;
            var uri = new URI(form);
            return uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + "?" + uri.getRawQuery();
        } catch (URISyntaxException _) {
            return null;
        }
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getEntity() instanceof Problem problem) {
            // Not UriInfo: it fails on paths that hold an escaped percent sign behind a parameter.
            var current = CurrentRequestManager.get();
            var path = current == null ? "/" : current.getPathWithoutPrefix();
            if (wantsPage(path, request.getHeaderString(HttpHeaders.ACCEPT))) {
                var exchange = current == null ? null : current.unwrap(RoutingContext.class);
                var retry = exchange == null ? null : retry(exchange.request());
                response.setEntity(pages.get().page(problem, retry), null, MediaType.valueOf(HtmlHeaders.HTML));
            } else {
                // As bytes: with an invalid Accept, the REST layer would choose the writer of the endpoint's type.
                response.setEntity(json(problem), null, MediaType.valueOf(Problem.MEDIA_TYPE));
            }
        }
        var type = response.getMediaType();
        if (type == null || !MediaType.TEXT_HTML_TYPE.isCompatible(type)) return;
        // Templates come without a character set.
        response.getHeaders().putSingle(HttpHeaders.CONTENT_TYPE, HtmlHeaders.HTML);
        HtmlHeaders.ALL.forEach((name, value) -> response.getHeaders().putSingle(name, value));
    }

    private byte[] json(Problem problem) {
        try {
            return json.get().writeValueAsBytes(problem);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of ours is no JSON", e);
        }
    }
}
