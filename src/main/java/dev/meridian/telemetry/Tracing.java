package dev.meridian.telemetry;

import dev.meridian.shared.RegionConfig;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SpanProcessor;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;

/// The resource attributes and the id format of traces. The exporter is configured (docs/observability.md).
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
    Resource resource(RegionConfig region) {
        return Resource.create(attributes(region.name(), System.getenv()));
    }

    /// Resource attributes (OpenTelemetry semantic conventions, "Cloud", "AWS ECS") that need no call. The collector
    /// adds task and pod ids.
    static Attributes attributes(String region, Map<String, String> environment) {
        var attributes = Attributes.builder().put("cloud.provider", "aws").put("cloud.region", region);
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
