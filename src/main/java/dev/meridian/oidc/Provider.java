package dev.meridian.oidc;

import dev.meridian.async.RepeatingTask;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;

/// What is known of the OpenID provider: its keys and endpoints, read in the background and kept in memory. While
/// it is away the last ones stay. No request waits for it but one that signs somebody in.
@ApplicationScoped
class Provider {
    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration STOP_WITHIN = Duration.ofMillis(500);

    private final OidcConfig config;
    private final ProviderClient client;
    private final RepeatingTask task;
    private volatile List<JsonWebKey> keys = List.of();
    private volatile Optional<JsonObject> endpoints = Optional.empty();
    // By System.nanoTime.
    private volatile long readAt;
    private int failures;

    Provider(OidcConfig config, ProviderClient client, Vertx vertx) {
        this.config = config;
        this.client = client;
        this.task = new RepeatingTask(vertx, "oidc-keys", this::step);
        this.readAt = System.nanoTime() - config.keysRefreshMin().toNanos();
    }

    /// Begins to read; once, at start.
    void begin() {
        task.wakeWithin(Duration.ZERO);
    }

    void onStop(@Observes ShutdownEvent stop) {
        task.stop(STOP_WITHIN);
    }

    String issuer() {
        return config.issuer().orElseThrow();
    }

    /// The keys as they were read last; none before that.
    List<JsonWebKey> keys() {
        return keys;
    }

    /// Reads the keys again, unless that was done lately: a token names one that is not known.
    void keyIsMissing() {
        if (System.nanoTime() - readAt >= config.keysRefreshMin().toNanos()) task.wakeWithin(Duration.ZERO);
    }

    /// What the discovery document says, read now if it was not before.
    Uni<JsonObject> endpoints() {
        return endpoints.map(known -> Uni.createFrom().item(known)).orElseGet(this::discover);
    }

    /// Reads the discovery document.
    Uni<JsonObject> discover() {
        var issuer = issuer();
        var base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        return client.get(base + DISCOVERY).invoke(document -> {
            // OpenID Connect Discovery 1.0, section 4.3.
            if (!issuer.equals(document.getString("issuer"))) {
                throw new IllegalStateException("meridian.oidc.issuer is not the issuer that the provider names: "
                        + document.getString("issuer"));
            }
            endpoints = Optional.of(document);
        });
    }

    /// Reads keys and endpoints.
    Uni<Void> refresh() {
        readAt = System.nanoTime();
        var url = config.keysUrl()
                .map(given -> Uni.createFrom().item(given))
                .orElseGet(() -> discover().map(document -> document.getString("jwks_uri")));
        return url.chain(client::get).invoke(this::learn).replaceWithVoid();
    }

    private void learn(JsonObject document) {
        try {
            var read = new JsonWebKeySet(document.encode()).getJsonWebKeys();
            if (read.isEmpty()) throw new IllegalStateException("the provider has no keys");
            keys = List.copyOf(read);
        } catch (JoseException e) {
            throw new IllegalStateException("the provider's keys cannot be read: " + e.getMessage());
        }
    }

    private Uni<Duration> step() {
        return refresh()
                .map(_ -> {
                    failures = 0;
                    return config.keysRefresh();
                })
                .onFailure()
                .recoverWithItem(failure -> {
                    if (failures++ == 0) {
                        Log.warnf("cannot read the keys of the OpenID provider: %s", failure.getMessage());
                    }
                    return RepeatingTask.backoff(FIRST_RETRY, config.keysRefresh(), failures);
                });
    }
}
