package dev.meridian.region;

import dev.meridian.shared.RegionConfig;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Readiness of this process: it has started. It does not depend on a store. Quarkus adds that it is not shutting down.
@Readiness
@Startup
@ApplicationScoped
class RegionReadiness implements HealthCheck {
    private final Instant started = Instant.now();
    private final RegionConfig region;
    private final String version;

    RegionReadiness(
            RegionConfig region,
            @ConfigProperty(name = "quarkus.application.version", defaultValue = "unknown") String version) {
        this.region = region;
        this.version = version;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("meridian")
                .withData("region", region.name())
                .withData("version", version)
                .withData("started", started.toString())
                .up()
                .build();
    }
}
