package dev.meridian.startup;

import dev.meridian.shared.RegionConfig;
import io.quarkus.logging.Log;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;

/// Logs the addresses when dev mode is up.
@ApplicationScoped
class DevModeBanner {
    private final RegionConfig region;

    DevModeBanner(RegionConfig region) {
        this.region = region;
    }

    void onOpen(@ObservesAsync HttpServerStart server) {
        if (LaunchMode.current() != LaunchMode.DEVELOPMENT) return;
        var store = "http://localhost:" + server.options().getPort();
        Log.infof("""
                Meridian is open in %s
                  store front  %s/
                  API docs     %s/q/swagger-ui/
                  health       %s/health
                """, region.name(), store, store, store);
    }
}
