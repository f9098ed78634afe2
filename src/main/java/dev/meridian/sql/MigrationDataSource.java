package dev.meridian.sql;

import dev.meridian.sqlpool.Credentials;
import io.quarkus.flyway.FlywayConfigurationCustomizer;
import io.vertx.pgclient.PgConnectOptions;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.postgresql.Driver;
import org.postgresql.ds.PGSimpleDataSource;

/// Gives the migration its connections to the writer, instead of Quarkus' data source: with the TLS of the pools, and as
/// the owner of the schema, whose password may be a token.
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

    private static final class Writer extends PGSimpleDataSource {
        private static final long serialVersionUID = 1L;

        private final transient PgConnectOptions address;
        private final transient SqlLogin login;

        Writer(String url, SqlConfig config) {
            this.address = PgConnectOptions.fromUri(url);
            this.login = new SqlLogin(config);
            setURL("jdbc:" + url);
            var tls = TlsSettings.of(url, config.tls().ca());
            setSslMode(tls.sslMode().value);
            tls.ca().map(Path::toString).ifPresent(this::setSslRootCert);
        }

        @Override
        public Connection getConnection() throws SQLException {
            final Credentials owner;
            try {
                owner = login.ofOwner(address.getHost(), address.getPort());
            } catch (RuntimeException e) {
                throw new SQLException(e.getMessage(), e);
            }
            return getConnection(owner.user(), owner.password());
        }

        /// The superclass would ask the `DriverManager`, which looks for drivers by reflection.
        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            var properties = new Properties();
            if (user != null) properties.setProperty("user", user);
            if (password != null) properties.setProperty("password", password);
            return new Driver().connect(getURL(), properties);
        }
    }
}
