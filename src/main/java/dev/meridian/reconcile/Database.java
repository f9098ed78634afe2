package dev.meridian.reconcile;

import dev.meridian.sql.IamTokens;
import dev.meridian.sql.TlsSettings;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.postgresql.Driver;

/// The address and the credentials of one database. A message never contains the password.
final class Database {
    private static final String CONNECT_TIMEOUT_SECONDS = "10";
    private static final int DEFAULT_PORT = 5432;

    private final String name;
    private final String address;
    private final Properties properties;

    private Database(String name, String address, Properties properties) {
        this.name = name;
        this.address = address;
        this.properties = properties;
    }

    /// @param name `old` or `new`
    /// @param url `postgresql://[user[:password]@]host[:port]/database[?key=value]`
    /// @param iam whether an IAM token is the password; `MERIDIAN_SQL_IAM_REGION` says for which Region when the host's
    ///     name does not
    /// @param environment returns null for an unset variable: `PGUSER_OLD`, `PGPASSWORD_OLD`, `PGSSLROOTCERT_OLD` (or
    ///     `_NEW`), else those without the suffix; the URL comes first
    /// @throws IllegalArgumentException when the URL has another form or asks for what cannot be kept; the message does
    ///     not contain it
    /// @throws IllegalStateException when there are no credentials for a token
    static Database of(String name, String url, boolean iam, UnaryOperator<String> environment) {
        var properties = new Properties();
        fromEnvironment("user", "PGUSER", name, environment, properties);
        fromEnvironment("password", "PGPASSWORD", name, environment, properties);
        fromEnvironment("sslrootcert", "PGSSLROOTCERT", name, environment, properties);
        var uri = parsed(name, url, properties);
        var tls = TlsSettings.of(url, Optional.ofNullable(properties.getProperty("sslrootcert")));
        tls.applyTo(properties);
        if (iam) {
            var region = Optional.ofNullable(environment.apply("MERIDIAN_SQL_IAM_REGION"));
            var user = properties.getProperty("user");
            IamTokens.check(tls, uri.getHost(), Optional.ofNullable(user), region);
            int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
            properties.setProperty("password", new IamTokens(region).make(uri.getHost(), port, user));
        }
        var port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return new Database(name, uri.getHost() + port + uri.getRawPath(), properties);
    }

    /// Puts what a URL says besides host, port and database into the properties.
    private static URI parsed(String name, String url, Properties properties) {
        try {
            var uri = URI.create(url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url);
            var isPostgres = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
            if (!isPostgres
                    || uri.getHost() == null
                    || uri.getPath() == null
                    || uri.getPath().length() < 2) {
                throw new IllegalArgumentException();
            }
            if (uri.getRawUserInfo() != null) {
                var parts = uri.getRawUserInfo().split(":", 2);
                properties.setProperty("user", decode(parts[0]));
                if (parts.length == 2) properties.setProperty("password", decode(parts[1]));
            }
            if (uri.getRawQuery() != null) {
                for (var pair : uri.getRawQuery().split("&")) {
                    var parts = pair.split("=", 2);
                    properties.setProperty(decode(parts[0]), parts.length == 2 ? decode(parts[1]) : "");
                }
            }
            return uri;
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException("--" + name + " must be postgresql://[user@]host[:port]/database");
        }
    }

    /// A connection in one read-only transaction with one snapshot.
    Connection connect() throws SQLException {
        properties.putIfAbsent("ApplicationName", "meridian-reconcile");
        properties.putIfAbsent("connectTimeout", CONNECT_TIMEOUT_SECONDS);
        properties.putIfAbsent("tcpKeepAlive", "true");
        var connection = new Driver().connect("jdbc:postgresql://" + address, properties);
        try (var statement = connection.createStatement()) {
            statement.execute("SET default_transaction_read_only = on");
            statement.execute("SET statement_timeout = 0");
            statement.execute("SET idle_in_transaction_session_timeout = 0");
            // Both sides must format times alike.
            statement.execute("SET TIME ZONE 'UTC'");
            statement.execute("SET DateStyle = 'ISO'");
        }
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        return connection;
    }

    /// A message for a failure, without the password.
    String describe(SQLException failure) {
        var text = name + " (" + address + "): " + failure.getMessage();
        var password = properties.getProperty("password", "");
        return password.isEmpty() ? text : text.replace(password, "***");
    }

    private static void fromEnvironment(
            String property, String variable, String side, UnaryOperator<String> environment, Properties properties) {
        var own = environment.apply(variable + "_" + side.toUpperCase(Locale.ROOT));
        var value = own == null ? environment.apply(variable) : own;
        if (value != null) properties.setProperty(property, value);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
