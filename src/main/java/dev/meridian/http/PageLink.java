package dev.meridian.http;

import dev.meridian.shared.Page;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/// The `Link` header to the next page of a list (RFC 8288).
public final class PageLink {
    private static final String CURSOR = "cursor=";

    private PageLink() {}

    /// Adds the link, unless this page is the last one: the same request with the next cursor. The
    /// reference is a path, made of the target alone, so it works behind any load balancer and for a
    /// request that names no host.
    public static <T> ResponseBuilder<T> add(ResponseBuilder<T> answer, Page<?> page, HttpServerRequest request) {
        page.next()
                .ifPresent(cursor -> answer.header(
                        HttpHeaders.LINK, "<" + next(request.path(), request.query(), cursor) + ">; rel=\"next\""));
        return answer;
    }

    static String next(String path, String query, String cursor) {
        var others = query == null ? Stream.<String>empty() : Arrays.stream(query.split("&"));
        var parameters = Stream.concat(
                        others.filter(part -> !part.isEmpty() && !part.startsWith(CURSOR)),
                        Stream.of(CURSOR + URLEncoder.encode(cursor, StandardCharsets.UTF_8)))
                .collect(Collectors.joining("&"));
        return path.replaceFirst("^/+", "/") + "?" + parameters;
    }
}
