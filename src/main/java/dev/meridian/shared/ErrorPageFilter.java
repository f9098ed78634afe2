package dev.meridian.shared;

import jakarta.annotation.Priority;
import jakarta.inject.Provider;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Set;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;

/// Turns problems into pages for browsers, and gives every page its headers.
@jakarta.ws.rs.ext.Provider
@Priority(4000)
class ErrorPageFilter implements ContainerResponseFilter {
    /// First segments of paths that have no pages: a client that sends `text/html` there, as some HTTP libraries do
    /// unasked, still gets problems as JSON.
    private static final Set<String> APIS =
            Set.of("admin", "carts", "catalogue", "customers", "health", "LATEST", "q", "ticket", "topology", "v1");

    private static final String HTML = "text/html";

    private final Provider<ErrorPages> pages;

    ErrorPageFilter(Provider<ErrorPages> pages) {
        this.pages = pages;
    }

    /// Whether whoever asks is a browser that looks for a page.
    ///
    /// @param accept the header, may be null
    static boolean wantsPage(String path, String accept) {
        if (accept == null || APIS.contains(path.replaceFirst("^/", "").split("[/;]", 2)[0])) return false;
        int html = accept.indexOf(HTML);
        int json = accept.indexOf("json");
        return html >= 0 && (json < 0 || html < json);
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        // Not UriInfo: it fails on paths that hold an escaped percent sign behind a parameter.
        var current = CurrentRequestManager.get();
        var path = current == null ? "/" : current.getPathWithoutPrefix();
        if (response.getEntity() instanceof Problem problem
                && wantsPage(path, request.getHeaderString(HttpHeaders.ACCEPT))) {
            response.setEntity(pages.get().page(problem, path), null, MediaType.valueOf(PageHeaders.HTML));
        }
        var type = response.getMediaType();
        if (type == null || !MediaType.TEXT_HTML_TYPE.isCompatible(type)) return;
        // Templates come without a character set.
        response.getHeaders().putSingle(HttpHeaders.CONTENT_TYPE, PageHeaders.HTML);
        PageHeaders.ALL.forEach((name, value) -> response.getHeaders().putSingle(name, value));
    }
}
