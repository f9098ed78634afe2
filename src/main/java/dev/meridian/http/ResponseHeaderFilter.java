package dev.meridian.http;

import io.quarkus.arc.All;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;

/// Sends every [ResponseHeader] on every response.
@ApplicationScoped
class ResponseHeaderFilter {
    private final List<ResponseHeader> headers;

    ResponseHeaderFilter(@All List<ResponseHeader> headers) {
        this.headers = headers.stream().filter(ResponseHeader::isUsed).toList();
    }

    void onFilters(@Observes Filters filters) {
        if (!headers.isEmpty()) filters.register(this::add, FilterOrder.RESPONSE_HEADERS);
    }

    private void add(RoutingContext context) {
        context.addHeadersEndHandler(_ -> headers.forEach(header ->
                header.value().get().ifPresent(value -> context.response().putHeader(header.name(), value))));
        context.next();
    }
}
