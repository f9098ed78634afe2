package dev.meridian.sql;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;

/// A server and a database, for connections of the JDBC driver: those of the commands `migrate` and `reconcile`.
///
/// @param host a name or an address
/// @param port its port
/// @param database its name, as in a URL
/// @param tls what is checked
/// @param properties of the driver, TLS included; they may hold user and password
public record JdbcAddress(String host, int port, String database, TlsSettings tls, Properties properties) {
    private static final int DEFAULT_PORT = 5432;

    /// Reads a URL.
    ///
    /// @param url `postgresql://[user[:password]@]host[:port]/database[?key=value]`
    /// @param defaults properties of the driver, `sslrootcert` among them; what the URL says comes first
    /// @throws IllegalArgumentException when the URL has another form or asks for what cannot be kept; the
    ///     message does not contain it
    public static JdbcAddress of(String url, Properties defaults) {
        var properties = new Properties();
        properties.putAll(defaults);
        var uri = parsed(url);
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
        var tls = TlsSettings.of(url, Optional.ofNullable(properties.getProperty("sslrootcert")));
        tls.applyTo(properties);
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        return new JdbcAddress(uri.getHost(), port, uri.getRawPath().substring(1), tls, properties);
    }

    private static URI parsed(String url) {
        try {
            var uri = URI.create(url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url);
            var isPostgres = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
            if (isPostgres
                    && uri.getHost() != null
                    && uri.getPath() != null
                    && uri.getPath().length() >= 2) return uri;
        } catch (IllegalArgumentException _) {
            // Its message has the URL.
        }
        throw new IllegalArgumentException("The address must be postgresql://[user@]host[:port]/database.");
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /// Host, port and database, for messages.
    @Override
    public String toString() {
        return host + ":" + port + "/" + database;
    }

    /// A new connection. Blocks.
    public Connection connect() throws SQLException {
        return new Driver().connect("jdbc:postgresql://" + this, properties);
    }
}
