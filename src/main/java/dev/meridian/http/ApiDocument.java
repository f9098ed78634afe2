package dev.meridian.http;

import io.quarkus.runtime.LaunchMode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/// Serves the committed OpenAPI document, read on the first request. The extension would parse and write its own at
/// each start, which is more than a third of the cost of a start. So it scans nothing in production
/// (`mp.openapi.scan.disable`) and everything in dev and test, where `OpenApiTest` compares the result with the
/// committed document.
@ApplicationScoped
class ApiDocument {
    private static final String PATH = "/q/openapi";
    private static final String JSON = "json";
    private static final String YAML = "yaml";
    private static final Map<String, String> MEDIA_TYPES =
            Map.of(JSON, "application/json;charset=UTF-8", YAML, "application/yaml;charset=UTF-8");

    private final Map<String, Buffer> documents = new ConcurrentHashMap<>();

    void onRouter(@Observes Router router) {
        if (LaunchMode.current() != LaunchMode.NORMAL) return;
        // Before the route of the extension.
        router.get(PATH).order(FilterOrder.BEFORE_RESOURCES).handler(context -> answer(context, wanted(context)));
        router.get(PATH + ".json").order(FilterOrder.BEFORE_RESOURCES).handler(context -> answer(context, JSON));
        router.get(PATH + ".yaml").order(FilterOrder.BEFORE_RESOURCES).handler(context -> answer(context, YAML));
        router.get(PATH + ".yml").order(FilterOrder.BEFORE_RESOURCES).handler(context -> answer(context, YAML));
    }

    /// As the extension decides: the parameter `format`, else the header `Accept`, else YAML.
    private static String wanted(RoutingContext context) {
        var format = context.request().getParam("format");
        if (format != null) return format.equalsIgnoreCase(JSON) ? JSON : YAML;
        var accept = context.request().getHeader(HttpHeaders.ACCEPT);
        return accept != null && accept.startsWith("application/json") ? JSON : YAML;
    }

    private void answer(RoutingContext context, String format) {
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPES.get(format))
                .end(documents.computeIfAbsent(format, ApiDocument::read));
    }

    private static Buffer read(String format) {
        var name = "/api/openapi." + format;
        try (var file = Objects.requireNonNull(ApiDocument.class.getResourceAsStream(name), name)) {
            return Buffer.buffer(file.readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + name, e);
        }
    }
}
