package dev.meridian.telemetry;

import dev.meridian.shared.RegionConfig;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.contrib.awsxray.propagator.AwsXrayPropagator;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.quarkus.opentelemetry.runtime.config.runtime.OTelRuntimeConfig;
import io.quarkus.opentelemetry.runtime.propagation.TextMapPropagatorCustomizer;
import io.quarkus.opentelemetry.runtime.tracing.instrumentation.InstrumentationRecorder;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.spi.tracing.VertxTracer;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.List;
import java.util.Map;

/// The ids, the sampling, the trace header and the resource attributes of traces. The exporter is configured
/// (docs/observability.md).
final class Tracing {
    @Produces
    @Singleton
    IdGenerator ids() {
        return new XrayIds();
    }

    @Produces
    @Singleton
    SpanProcessor privacy() {
        return new SpanRedactor();
    }

    @Produces
    @Singleton
    Sampler sampler(OTelRuntimeConfig config) {
        return ratio(config).withParents();
    }

    private static OwnRatio ratio(OTelRuntimeConfig config) {
        return OwnRatio.of(config.traces().samplerArg().map(Double::valueOf).orElse(1.0));
    }

    /// Puts [UnsampledRequests] before the tracer that Quarkus has made for Vert.x.
    void onStart(
            @Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) StartupEvent start,
            OpenTelemetry telemetry,
            IdGenerator ids,
            OTelRuntimeConfig config) {
        var vertx = InstrumentationRecorder.FACTORY.getVertxTracerDelegator();
        @SuppressWarnings("unchecked")
        VertxTracer<Object, Object> library = vertx.getDelegate();
        if (library == null) return;
        var propagator = telemetry.getPropagators().getTextMapPropagator();
        vertx.setDelegate(new UnsampledRequests(library, ratio(config), ids, propagator));
    }

    /// Quarkus asks for each propagator of `quarkus.otel.propagators`.
    @Produces
    @Singleton
    TextMapPropagatorCustomizer header() {
        return context -> switch (context.propagator()) {
            case AwsXrayPropagator library -> new XrayHeader(library);
            case W3CTraceContextPropagator library -> new TraceparentHeader(library);
            case TextMapPropagator other -> other;
        };
    }

    @Produces
    @Singleton
    Resource resource(RegionConfig region, TelemetryConfig config) {
        return Resource.create(attributes(region.name(), config.logGroups().orElse(List.of()), System.getenv()));
    }

    /// Resource attributes (OpenTelemetry semantic conventions, "Cloud", "AWS ECS") that need no call. The
    /// collector adds task and pod ids.
    static Attributes attributes(String region, List<String> logGroups, Map<String, String> environment) {
        var attributes = Attributes.builder().put("cloud.provider", "aws").put("cloud.region", region);
        if (!logGroups.isEmpty()) attributes.put(AttributeKey.stringArrayKey("aws.log.group.names"), logGroups);
        var execution = environment.getOrDefault("AWS_EXECUTION_ENV", "");
        if (execution.startsWith("AWS_ECS") || environment.containsKey("ECS_CONTAINER_METADATA_URI_V4")) {
            attributes.put("cloud.platform", "aws_ecs");
            attributes.put("aws.ecs.launchtype", execution.equals("AWS_ECS_FARGATE") ? "fargate" : "ec2");
        } else if (environment.containsKey("KUBERNETES_SERVICE_HOST")) {
            attributes.put("cloud.platform", "aws_eks");
        }
        return attributes.build();
    }
}
