package dev.meridian.dynamo;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// The DynamoDB tables.
@ConfigMapping(prefix = "meridian.tables")
public interface TablesConfig {
    /// The prefix of every table name.
    @WithDefault("meridian-")
    String prefix();

    /// Whether missing tables are created at start. Refused in production.
    @WithDefault("false")
    boolean create();
}
