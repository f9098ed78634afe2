package dev.meridian.region;

import dev.meridian.dynamo.DynamoConfig;
import dev.meridian.dynamo.TablesConfig;
import dev.meridian.shared.RegionConfig;
import dev.meridian.sql.SqlConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Where this process runs and which stores it uses, without secrets.
@ApplicationScoped
class Topology {
    private static final String REGION = "region";
    private static final String FALLBACK = "dynamodbFallback";

    private final Map<String, String> description;
    private final Map<String, String> regions;

    Topology(
            RegionConfig region,
            TablesConfig tables,
            DynamoConfig dynamo,
            SqlConfig sql,
            @ConfigProperty(name = "quarkus.application.version", defaultValue = "unknown") String version,
            @ConfigProperty(name = "quarkus.dynamodb.endpoint-override") Optional<String> dynamoEndpoint) {
        var all = new LinkedHashMap<String, String>();
        all.put(REGION, region.name());
        all.put("version", version);
        all.put(
                "dynamodb",
                dynamoEndpoint
                        .map(Topology::withoutCredentials)
                        .orElseGet(() -> "https://dynamodb." + region.name() + ".amazonaws.com"));
        var fallback = dynamo.fallback();
        if (fallback.enabled()) fallback.region().ifPresent(name -> all.put(FALLBACK, name));
        all.put("tablePrefix", tables.prefix());
        sql.readerUrl().ifPresent(url -> all.put("sqlReader", withoutCredentials(url)));
        sql.writerUrl().ifPresent(url -> all.put("sqlWriter", withoutCredentials(url)));
        sql.writerCandidates().ifPresent(urls -> all.put("sqlWriterCandidates", withoutCredentials(urls)));
        description = Collections.unmodifiableMap(all);
        var names = new LinkedHashMap<>(all);
        names.keySet().retainAll(Set.of(REGION, FALLBACK));
        regions = Collections.unmodifiableMap(names);
    }

    /// Names and values in a fixed order, without unset ones.
    Map<String, String> describe() {
        return description;
    }

    /// The names of Regions alone: no host, no version.
    Map<String, String> forStrangers() {
        return regions;
    }

    private static String withoutCredentials(List<String> urls) {
        return urls.stream().map(Topology::withoutCredentials).collect(Collectors.joining(","));
    }

    /// Scheme, host, port and path of a URL; empty when it cannot be parsed.
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
