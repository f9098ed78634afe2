package dev.meridian.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.testing.OpenMetrics;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a strict reader gets from the packaged artifact, after requests of which each is in a sampled trace.
@Tag("process")
class OpenMetricsIT {
    private static final StoresResource STORES = new StoresResource();

    @Test
    void aStrictReaderAcceptsTheMetrics() throws Exception {
        var config = new HashMap<>(STORES.start());
        config.putAll(Map.of(
                "quarkus.profile", "test", "meridian.sample-data.enabled", "false", "OTEL_TRACES_SAMPLER_ARG", "1.0"));
        try (var service = ServiceProcess.serve(config)) {
            for (var path : List.of("/ticket?limit=1", "/catalog/size", "/ticket/none", "/health", "/nowhere")) {
                service.send("GET", path, null);
            }
            for (var accept : List.of("application/openmetrics-text; version=1.0.0", "application/openmetrics-text")) {
                var answer = service.manage("/q/metrics", "Accept", accept);
                var type = answer.headers().firstValue("Content-Type").orElse("");
                assertTrue(type.startsWith("application/openmetrics-text"), type);
                assertEquals(List.of(), OpenMetrics.faults(answer.body()));
                assertTrue(answer.body().contains("meridian_store_calls_seconds_bucket{"), answer::body);
            }
            OpenMetricsTest.assertBuckets(service.manage("/q/metrics").body());
        } finally {
            STORES.stop();
        }
    }
}
