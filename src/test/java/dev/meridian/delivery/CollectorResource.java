package dev.meridian.delivery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/// A collector: receives OTLP over HTTP as protobuf, decodes it with the classes of the specification, and
/// stores it.
public class CollectorResource implements QuarkusTestResourceLifecycleManager {
    /// Everything received, in order of arrival.
    static final List<ResourceSpans> RECEIVED = new CopyOnWriteArrayList<>();

    private HttpServer server;

    @Override
    public Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/traces", CollectorResource::receive);
        server.start();
        // The names that an operator sets, not those that Quarkus has for them.
        return Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://127.0.0.1:" + server.getAddress().getPort(),
                "OTEL_EXPORTER_OTLP_PROTOCOL",
                "http/protobuf",
                "OTEL_TRACES_SAMPLER_ARG",
                "1.0",
                "OTEL_RESOURCE_ATTRIBUTES",
                "deployment.environment.name=lab,k8s.pod.name=meridian-7",
                "meridian.telemetry.log-groups",
                "/ecs/meridian,/ecs/collector",
                "quarkus.otel.bsp.schedule.delay",
                "100ms");
    }

    private static void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            var gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            var body = gzip ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody();
            RECEIVED.addAll(ExportTraceServiceRequest.parseFrom(body).getResourceSpansList());
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
        }
    }

    @Override
    public void stop() {
        if (server != null) server.stop(0);
    }
}
