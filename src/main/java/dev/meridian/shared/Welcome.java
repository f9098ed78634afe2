package dev.meridian.shared;

import io.quarkus.logging.Log;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.vertx.http.HttpServer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/// Says where to go once dev mode is up.
@ApplicationScoped
class Welcome {
    private final RegionConfig region;

    Welcome(RegionConfig region) {
        this.region = region;
    }

    void onOpen(@Observes HttpServer server) {
        if (LaunchMode.current() != LaunchMode.DEVELOPMENT) return;
        var store = server.getLocalBaseUri();
        Log.infof("""
                Meridian is open in %s
                  store front  %s
                  API docs     %sq/swagger-ui/
                  health       %shealth
                """, region.name(), store, store, store);
    }
}
