package dev.meridian.region;

import dev.meridian.shared.RegionConfig;
import dev.meridian.shared.StoreConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Where this process is and which stores it uses, fit for everybody's eyes.
@ApplicationScoped
class Topology {
    private final RegionConfig region;
    private final StoreConfig stores;
    private final String version;
    private final Optional<String> dynamo;

    Topology(
            RegionConfig region,
            StoreConfig stores,
            @ConfigProperty(name = "quarkus.application.version", defaultValue = "unknown") String version,
            @ConfigProperty(name = "quarkus.dynamodb.endpoint-override") Optional<String> dynamo) {
        this.region = region;
        this.stores = stores;
        this.version = version;
        this.dynamo = dynamo;
    }

    /// Names and values in a fixed order; nothing that is not configured.
    Map<String, String> describe() {
        var sql = stores.sql();
        var all = new LinkedHashMap<String, String>();
        all.put("region", region.name());
        all.put("version", version);
        all.put(
                "dynamodb",
                dynamo.map(Topology::withoutCredentials)
                        .orElseGet(() -> "https://dynamodb." + region.name() + ".amazonaws.com"));
        var fallback = stores.dynamo().fallback();
        if (fallback.enabled()) fallback.region().ifPresent(name -> all.put("dynamodbFallback", name));
        all.put("tablePrefix", stores.tables().prefix());
        sql.readerUrl().ifPresent(url -> all.put("sqlReader", withoutCredentials(url)));
        sql.writerUrl().ifPresent(url -> all.put("sqlWriter", withoutCredentials(url)));
        sql.writerCandidates().ifPresent(urls -> all.put("sqlWriterCandidates", withoutCredentials(urls)));
        return all;
    }

    private static String withoutCredentials(List<String> urls) {
        return urls.stream().map(Topology::withoutCredentials).collect(Collectors.joining(","));
    }

    /// Scheme, host, port and path of a URL; nothing of one that cannot be read.
    static String withoutCredentials(String url) {
        try {
            var uri = URI.create(url.strip());
            if (uri.getScheme() == null || uri.getHost() == null) return "(unreadable)";
            var port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
            return uri.getScheme() + "://" + uri.getHost() + port + uri.getPath();
        } catch (IllegalArgumentException _) {
            return "(unreadable)";
        }
    }
}
