package dev.meridian.http;

import dev.meridian.shared.Page;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/// The `Link` header to the next page of a list (RFC 8288).
public final class PageLink {
    private PageLink() {}

    /// Adds the link, unless this page is the last one: the same request with the next cursor. The reference is
    /// relative, so it works behind any load balancer.
    public static <T> ResponseBuilder<T> add(ResponseBuilder<T> answer, Page<?> page, UriInfo request) {
        page.next().ifPresent(cursor -> {
            var next = request.getRequestUriBuilder()
                    .scheme(null)
                    .host(null)
                    .port(-1)
                    .replaceQueryParam("cursor", cursor)
                    .build();
            answer.header(HttpHeaders.LINK, "<" + next + ">; rel=\"next\"");
        });
        return answer;
    }
}
