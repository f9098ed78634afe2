package dev.meridian.reconcile;

import dev.meridian.aws.CredentialSource;
import dev.meridian.sql.IamTokens;
import dev.meridian.sql.JdbcAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.function.UnaryOperator;

/// The address and the credentials of one database. A message never contains the password.
final class Database {
    private static final String CONNECT_TIMEOUT_SECONDS = "10";

    private final String name;
    private final JdbcAddress address;

    private Database(String name, JdbcAddress address) {
        this.name = name;
        this.address = address;
    }

    /// @param name `old` or `new`
    /// @param url `postgresql://[user[:password]@]host[:port]/database[?key=value]`
    /// @param iam whether an IAM token is the password; `MERIDIAN_SQL_IAM_REGION` says for which Region when
    ///     the host's name does not
    /// @param environment returns null for an unset variable: `PGUSER_OLD`, `PGPASSWORD_OLD`,
    ///     `PGSSLROOTCERT_OLD` (or `_NEW`), else those without the suffix; the URL comes first
    /// @throws IllegalArgumentException when the URL has another form or asks for what cannot be kept; the
    ///     message does not contain it
    /// @throws IllegalStateException when there are no credentials for a token
    static Database of(String name, String url, boolean iam, UnaryOperator<String> environment) {
        var properties = new Properties();
        fromEnvironment("user", "PGUSER", name, environment, properties);
        fromEnvironment("password", "PGPASSWORD", name, environment, properties);
        fromEnvironment("sslrootcert", "PGSSLROOTCERT", name, environment, properties);
        final JdbcAddress address;
        try {
            address = JdbcAddress.of(url, properties);
            if (iam) logInWithToken(address, Optional.ofNullable(environment.apply("MERIDIAN_SQL_IAM_REGION")));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--" + name + ": " + e.getMessage(), e);
        }
        return new Database(name, address);
    }

    private static void logInWithToken(JdbcAddress address, Optional<String> region) {
        var user = address.properties().getProperty("user");
        IamTokens.check(address.tls(), address.host(), Optional.ofNullable(user), region);
        var tokens = new IamTokens(region, new CredentialSource());
        address.properties().setProperty("password", tokens.make(address.host(), address.port(), user));
    }

    /// A connection in one read-only transaction with one snapshot.
    Connection connect() throws SQLException {
        var properties = address.properties();
        properties.putIfAbsent("ApplicationName", "meridian-reconcile");
        properties.putIfAbsent("connectTimeout", CONNECT_TIMEOUT_SECONDS);
        properties.putIfAbsent("tcpKeepAlive", "true");
        var connection = address.connect();
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
        var password = address.properties().getProperty("password", "");
        return password.isEmpty() ? text : text.replace(password, "***");
    }

    private static void fromEnvironment(
            String property, String variable, String side, UnaryOperator<String> environment, Properties properties) {
        var own = environment.apply(variable + "_" + side.toUpperCase(Locale.ROOT));
        var value = own == null ? environment.apply(variable) : own;
        if (value != null) properties.setProperty(property, value);
    }
}
