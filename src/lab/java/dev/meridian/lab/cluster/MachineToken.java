package dev.meridian.lab.cluster;

import dev.meridian.testing.OpenIdProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/// The access token of a machine, with which the lab's clients prove whom they act for where identity is on. The OpenID
/// provider is that of the tests.
public final class MachineToken {
    /// Tokens of the provider last longer.
    private static final long RENEWED_AFTER = Duration.ofMinutes(10).toNanos();

    private final OpenIdProvider provider = new OpenIdProvider();
    private final Map<String, String> settings;
    private String token;
    private long renewedAt;

    MachineToken() {
        settings = provider.start();
    }

    /// What a service has to know of the provider.
    Map<String, String> settings() {
        return settings;
    }

    /// The value of `Authorization`.
    public synchronized String bearer() {
        if (token == null || System.nanoTime() - renewedAt > RENEWED_AFTER) {
            try {
                token = provider.machineToken();
            } catch (IOException e) {
                throw new IllegalStateException("The provider gave no token", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            renewedAt = System.nanoTime();
        }
        return "Bearer " + token;
    }
}
