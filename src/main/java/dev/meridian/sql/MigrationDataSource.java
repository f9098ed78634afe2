package dev.meridian.sql;

import io.quarkus.flyway.FlywayConfigurationCustomizer;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.postgresql.ds.PGSimpleDataSource;

/// Gives the migration its connections to the writer, instead of Quarkus' data source: with the TLS of the
/// pools, and as the owner of the schema, whose password may be a token.
@ApplicationScoped
class MigrationDataSource implements FlywayConfigurationCustomizer {
    private final SqlConfig config;

    MigrationDataSource(SqlConfig config) {
        this.config = config;
    }

    @Override
    public void customize(FluentConfiguration flyway) {
        config.writerUrl().ifPresent(url -> flyway.dataSource(new Writer(url, config)));
    }

    /// Of the superclass just what a data source must have beside connections.
    private static final class Writer extends PGSimpleDataSource {
        private static final long serialVersionUID = 1L;

        private final transient String url;
        private final transient SqlConfig config;
        private final transient SqlLogin login;

        Writer(String url, SqlConfig config) {
            this.url = url;
            this.config = config;
            this.login = new SqlLogin(config);
        }

        @Override
        public Connection getConnection() throws SQLException {
            var properties = new Properties();
            config.tls().ca().ifPresent(file -> properties.setProperty("sslrootcert", file));
            try {
                var writer = JdbcAddress.of(url, properties);
                var owner = login.ofOwner(writer.host(), writer.port());
                if (owner.user() != null) writer.properties().setProperty("user", owner.user());
                if (owner.password() != null) writer.properties().setProperty("password", owner.password());
                return writer.connect();
            } catch (RuntimeException e) {
                throw new SQLException(e.getMessage(), e);
            }
        }
    }
}
