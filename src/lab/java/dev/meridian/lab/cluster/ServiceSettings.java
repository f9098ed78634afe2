package dev.meridian.lab.cluster;

import dev.meridian.testing.ServiceProcess;
import java.util.LinkedHashMap;
import java.util.Map;

/// The configuration of the lab's services, without their Region and its DynamoDB.
final class ServiceSettings {
    private ServiceSettings() {}

    /// @param region index of the Region
    /// @param hasSamples whether to load the sample data
    /// @param hasSettler whether to run the settler
    static Map<String, String> of(Databases databases, int region, boolean hasSamples, boolean hasSettler) {
        var config = new LinkedHashMap<String, String>();
        config.put("quarkus.profile", "test");
        config.put("meridian.mode", "test");
        config.put("meridian.tables.create", "false");
        config.put("meridian.sample-data.enabled", Boolean.toString(hasSamples));
        config.put("quarkus.flyway.migrate-at-start", "false");
        config.put("quarkus.log.category.\"dev.meridian\".level", "INFO");
        config.put("meridian.session.key", "the lab's key for both of its Regions");
        config.putAll(ServiceProcess.users());
        config.put("meridian.sql.writer-url", databases.url(region, 0));
        config.put("meridian.sql.writer-candidates", databases.url(region, 1));
        config.put("meridian.sql.reader-url", databases.url(region, region));
        config.put("meridian.sql.read-timeout", "1s");
        config.put("meridian.sql.write-timeout", "1500ms");
        config.put("meridian.sql.connect-timeout", "1s");
        config.put("meridian.sql.silence-limit", "600ms");
        config.put("meridian.dynamo.timeout", "2s");
        config.put("meridian.dynamo.attempt-timeout", "900ms");
        config.put("meridian.dynamo.connect-timeout", "1s");
        config.put("meridian.order.budget", "1500ms");
        config.put("meridian.order.journal-shards", "4");
        config.put("meridian.heartbeat.enabled", "true");
        config.put("meridian.settler.enabled", Boolean.toString(hasSettler));
        config.put("meridian.settler.grace", "2s");
        config.put("meridian.settler.idle", "600ms");
        config.put("meridian.settler.backoff-max", "1s");
        config.put("meridian.settler.retry-max", "5s");
        config.put("meridian.recovery.again-after", "2s");
        config.put("meridian.recovery.backoff-max", "2s");
        config.put("meridian.recovery.spread", "100ms");
        return config;
    }
}
