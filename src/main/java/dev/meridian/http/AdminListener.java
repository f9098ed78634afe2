package dev.meridian.http;

import io.quarkus.logging.Log;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// The administrators' listener, on a port of its own which no public load balancer reaches. It has the
/// options of the main one, without TLS, and hands its requests to the same root handler: one router, one set
/// of filters, one drain at the end. All its connections share one event loop.
@ApplicationScoped
class AdminListener implements HttpServerOptionsCustomizer {
    private static final int DEFAULT_PORT = 8090;
    private static final Duration START = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final boolean isPublic;
    private final Optional<Integer> port;
    private final int managementPort;
    private volatile HttpServer server;

    AdminListener(
            Vertx vertx,
            AdminConfig config,
            @ConfigProperty(name = "quarkus.management.port", defaultValue = "9000") int managementPort) {
        this.vertx = vertx;
        this.isPublic = config.isPublic();
        this.port = isPublic ? config.port() : Optional.of(config.port().orElse(DEFAULT_PORT));
        this.managementPort = managementPort;
    }

    /// Whether a request may find what is below `/admin`. The port of the connection itself counts, whatever a proxy
    /// says of it.
    boolean isForAdministrators(HttpServerRequest request) {
        if (isPublic) return true;
        var local = request.connection().localAddress(true);
        return local != null && local.port() == actualPort();
    }

    /// In dev mode the server outlives the application that opened it.
    int actualPort() {
        var open = server;
        return open == null ? port.orElseThrow() : open.actualPort();
    }

    /// Quarkus calls this once, after the application has started and before the main listener opens.
    ///
    /// @throws ConfigurationException when the port is the main or the management port, or taken
    @Override
    public void customizeHttpServer(HttpServerOptions main) {
        if (port.isEmpty()) return;
        int own = port.get();
        if (own == main.getPort()) throw refused(own, "is the port of quarkus.http.port");
        if (own != 0 && own == managementPort) throw refused(own, "is the port of quarkus.management.port");
        // No load balancer stands in front that would speak it.
        open(new HttpServerOptions(main).setPort(own).setUseProxyProtocol(false));
    }

    private void open(HttpServerOptions options) {
        try {
            server = vertx.createHttpServer(options)
                    .requestHandler(VertxHttpRecorder.getRootHandler())
                    .listen()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(START.toMillis(), TimeUnit.MILLISECONDS);
            Log.infof("listening for administrators on: http://%s:%d", options.getHost(), server.actualPort());
        } catch (ExecutionException e) {
            throw refused(options.getPort(), "cannot be opened: " + e.getCause().getMessage());
        } catch (TimeoutException _) {
            throw refused(options.getPort(), "was not opened within " + START.toSeconds() + " s");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw refused(options.getPort(), "was not opened: the start was interrupted");
        }
    }

    private static ConfigurationException refused(int port, String why) {
        return new ConfigurationException("meridian.admin.port: " + port + " " + why);
    }

    /// Requests under way have ended by now, like those of the main listener.
    void onStop(@Observes ShutdownEvent stop) {
        var open = server;
        if (open != null && LaunchMode.current() != LaunchMode.DEVELOPMENT) open.close();
    }
}
