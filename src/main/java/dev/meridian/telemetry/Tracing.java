package dev.meridian.telemetry;

import dev.meridian.shared.RegionConfig;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SpanProcessor;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;

/// What traces say about this process, and the shape of their ids. Where they go is configuration
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
    Resource resource(RegionConfig region) {
        return Resource.create(attributes(region.name(), System.getenv()));
    }

    /// Resource attributes (OpenTelemetry semantic conventions, "Cloud", "AWS ECS") that cost no call: task and
    /// pod ids are added by the collector, which asks the platform for them once.
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
