package dev.meridian.sql;

import dev.meridian.aws.CredentialSource;
import io.quarkus.flyway.FlywayConfigurationCustomizer;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.postgresql.ds.PGSimpleDataSource;

/// Gives the migration its connections, instead of Quarkus' data source: to the writer among the candidates,
/// with the TLS of the pools, and as the owner of the schema, whose password may be a token.
@ApplicationScoped
class MigrationDataSource implements FlywayConfigurationCustomizer {
    private final SqlConfig config;

    MigrationDataSource(SqlConfig config) {
        this.config = config;
    }

    @Override
    public void customize(FluentConfiguration flyway) {
        config.writerUrl()
                .map(url -> Stream.concat(
                        Stream.of(url), config.writerCandidates().stream().flatMap(List::stream)))
                .ifPresent(urls -> flyway.dataSource(new Writer(urls.distinct().toList(), config)));
    }

    /// Of the superclass just what a data source must have beside connections. All connections go to the server
    /// of the first: the first candidate that takes writes.
    private static final class Writer extends PGSimpleDataSource {
        private static final long serialVersionUID = 1L;

        private final transient SqlConfig config;
        private final transient SqlLogin login;
        private transient List<String> urls;

        Writer(List<String> urls, SqlConfig config) {
            this.urls = urls;
            this.config = config;
            this.login = new SqlLogin(config, new CredentialSource());
        }

        @Override
        public synchronized Connection getConnection() throws SQLException {
            var refusals = new ArrayList<SQLException>();
            for (var url : urls) {
                try {
                    var connection = connect(url);
                    urls = List.of(url);
                    return connection;
                } catch (SQLException e) {
                    refusals.add(e);
                }
            }
            if (refusals.size() == 1) throw refusals.getFirst();
            throw new SQLException(
                    refusals.stream()
                            .map(Throwable::getMessage)
                            .collect(Collectors.joining(" ", "No candidate is the writer. ", "")),
                    refusals.getLast());
        }

        private Connection connect(String url) throws SQLException {
            var properties = new Properties();
            config.tls().ca().ifPresent(file -> properties.setProperty("sslrootcert", file));
            try {
                var server = JdbcAddress.of(url, properties);
                var owner = login.ofOwner(server.host(), server.port());
                if (owner.user() != null) server.properties().setProperty("user", owner.user());
                if (owner.password() != null) server.properties().setProperty("password", owner.password());
                var connection = server.connect();
                if (takesWrites(connection)) return connection;
                connection.close();
                throw new SQLException(server + " is read-only: migrate needs the writer.");
            } catch (RuntimeException e) {
                throw new SQLException(e.getMessage(), e);
            }
        }

        private static boolean takesWrites(Connection connection) throws SQLException {
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery("SHOW transaction_read_only")) {
                rows.next();
                return rows.getString(1).equals("off");
            }
        }
    }
}
