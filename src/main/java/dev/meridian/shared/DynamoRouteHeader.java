package dev.meridian.shared;

import io.quarkus.vertx.http.runtime.filters.Filters;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/// Says on every answer that is given while the fallback is in use, whichever stores it needed, whose replica that is.
@ApplicationScoped
class DynamoRouteHeader {
    private static final String NAME = "X-Meridian-DynamoDB-Region";
    /// Before CORS (300), so that it is on all answers.
    private static final int PRIORITY = 320;

    private final DynamoRoutes routes;

    DynamoRouteHeader(DynamoRoutes routes) {
        this.routes = routes;
    }

    void onFilters(@Observes Filters filters) {
        if (!routes.hasFallback()) return;
        filters.register(
                context -> {
                    context.addHeadersEndHandler(_ ->
                            routes.via().ifPresent(region -> context.response().putHeader(NAME, region)));
                    context.next();
                },
                PRIORITY);
    }
}
