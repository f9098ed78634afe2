package dev.meridian.aws;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// A process is not ready until it has AWS credentials, for at most `meridian.aws.ready-within` after its start.
@Readiness
@ApplicationScoped
class CredentialsReadiness implements HealthCheck {
    private final HeldCredentials credentials;

    CredentialsReadiness(HeldCredentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("aws-credentials")
                .status(credentials.isReady())
                .build();
    }
}
