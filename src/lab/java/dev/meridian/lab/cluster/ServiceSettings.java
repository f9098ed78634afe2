package dev.meridian.lab.cluster;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The configuration of the lab's services: that of a production deployment, and what the lab overrides.
final class ServiceSettings {
    /// The overrides. docs/lab.md lists and explains them; no timeout of SQL, DynamoDB or orders is among them.
    static final Map<String, String> OVERRIDES = Map.ofEntries(
            Map.entry("meridian.session.secure", "false"),
            Map.entry("meridian.dynamo.fallback.enabled", "true"),
            Map.entry("meridian.retention.erase-after", "1s"),
            Map.entry("meridian.settler.grace", "3s"),
            Map.entry("meridian.settler.backoff-max", "1s"),
            Map.entry("meridian.settler.retry-max", "5s"),
            Map.entry("meridian.settler.foreign-after", "10s"),
            Map.entry("meridian.recovery.audit-every", "10s"),
            Map.entry("meridian.recovery.again-after", "2s"),
            Map.entry("meridian.recovery.backoff-max", "2s"));

    /// Where a service runs.
    ///
    /// @param regions the names of both
    /// @param index of its own Region
    /// @param dynamoPort of its own Region's DynamoDB
    /// @param fallbackPort of the other Region's DynamoDB
    /// @param sqlUrls of PostgreSQL in both Regions
    /// @param authority the file with the certificate that PostgreSQL's are signed with
    record Place(
            List<String> regions, int index, int dynamoPort, int fallbackPort, List<String> sqlUrls, Path authority) {}

    private ServiceSettings() {}

    /// @param hasSamples whether to load the sample data
    /// @param hasSettler whether to run the settler
    static Map<String, String> of(Place place, boolean hasSamples, boolean hasSettler) {
        var config = new LinkedHashMap<>(OVERRIDES);
        config.put("meridian.region", place.regions.get(place.index));
        config.put("meridian.identity", "open");
        config.put("meridian.session.key", "the lab's key for both of its Regions");
        config.put("meridian.guest.secret", "the lab's secret for both of its Regions");
        config.put("meridian.admin.token", LabProcesses.ADMIN_TOKEN);
        config.put("meridian.sql.username", SqlUsers.SERVICE);
        config.put("meridian.sql.password", SqlUsers.SERVICE_PASSWORD);
        config.put("meridian.sql.tls.ca", place.authority.toString());
        config.put("meridian.sql.writer-url", place.sqlUrls.get(0));
        config.put("meridian.sql.writer-candidates", place.sqlUrls.get(1));
        config.put("meridian.sql.reader-url", place.sqlUrls.get(place.index));
        config.put("quarkus.dynamodb.endpoint-override", "http://127.0.0.1:" + place.dynamoPort);
        config.put("meridian.dynamo.fallback.region", place.regions.get(1 - place.index));
        config.put("meridian.dynamo.fallback.endpoint", "http://127.0.0.1:" + place.fallbackPort);
        config.put("aws.accessKeyId", "local");
        config.put("aws.secretAccessKey", "local");
        if (hasSamples) config.put("meridian.sample-data.enabled", "true");
        if (!hasSettler) config.put("meridian.settler.enabled", "false");
        return config;
    }

    /// For the command `migrate`: it alone knows the owner of the schema.
    static Map<String, String> ofMigration(Place place) {
        var config = of(place, false, true);
        config.put("meridian.sql.owner-username", SqlUsers.OWNER);
        config.put("meridian.sql.owner-password", SqlUsers.OWNER_PASSWORD);
        config.put("meridian.sql.app-role", SqlUsers.SERVICE);
        return config;
    }
}
