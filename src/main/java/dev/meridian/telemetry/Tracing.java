package dev.meridian.telemetry;

import dev.meridian.shared.RegionConfig;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.contrib.awsxray.propagator.AwsXrayPropagator;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.quarkus.opentelemetry.runtime.config.runtime.OTelRuntimeConfig;
import io.quarkus.opentelemetry.runtime.propagation.TextMapPropagatorCustomizer;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
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
        return OwnRatio.of(config.traces().samplerArg().map(Double::valueOf).orElse(1.0));
    }

    /// Quarkus asks for each propagator of `quarkus.otel.propagators`.
    @Produces
    @Singleton
    TextMapPropagatorCustomizer header() {
        return context -> context.propagator() instanceof AwsXrayPropagator library
                ? new XrayHeader(library)
                : context.propagator();
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
