package dev.meridian.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.PGConnection;

/// A role that gets privileges on the tables of the current schema, within a transaction of the schema's owner.
final class Grantee {
    private static final String DUPLICATE_OBJECT = "42710";
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    /// Any number that nothing else locks: concurrent grants on one table fail in PostgreSQL.
    private static final String LOCK = "SELECT pg_advisory_xact_lock(7106241955201127)";

    private static final String EXISTS = "SELECT 1 FROM pg_roles WHERE rolname = ?";

    private static final String CANNOT_USE_TOKENS =
            "SELECT 1 FROM pg_roles WHERE rolname = 'rds_iam' AND NOT pg_has_role(?, oid, 'MEMBER')";

    private static final String USABLE = "SELECT 1 WHERE has_schema_privilege(?, current_schema(), 'USAGE')";

    /// Only privileges named in the second parameter.
    private static final String LACKING = """
            SELECT privilege || ' ON ' || name FROM %s
            WHERE NOT has_table_privilege(?, to_regclass(name)::oid, privilege) AND strpos(?, privilege) > 0
            ORDER BY name, privilege""".formatted(SqlTable.NEEDED);

    private static final String FUTURE = "ALTER DEFAULT PRIVILEGES IN SCHEMA %s GRANT %s TO %s";

    private final Connection connection;
    private final String role;
    private final String quoted;

    Grantee(Connection connection, String role) throws SQLException {
        this.connection = connection;
        this.role = role;
        try (var statement = connection.createStatement()) {
            this.quoted = statement.enquoteIdentifier(role, true);
        }
    }

    /// Waits for other migrations of this database until the end of the transaction.
    void lock() throws SQLException {
        execute(LOCK);
    }

    boolean isMissing() throws SQLException {
        return ask(EXISTS, role).isEmpty();
    }

    /// Makes the role, unless a migration of another database of this server was faster.
    void create() throws SQLException {
        var before = connection.setSavepoint();
        try {
            execute("CREATE ROLE " + quoted + " LOGIN");
        } catch (SQLException e) {
            switch (e.getSQLState()) {
                case DUPLICATE_OBJECT, UNIQUE_VIOLATION -> connection.rollback(before);
                case INSUFFICIENT_PRIVILEGE ->
                    throw new FlywayException("The role " + role + " does not exist, and the user of migrate may not"
                            + " create it. Create it by hand, or give that user CREATEROLE.");
                default -> throw e;
            }
        }
    }

    /// Sets a password, of which only a hash goes to the server; without one nothing happens.
    void initialPassword(String password) throws SQLException {
        if (password.isEmpty()) return;
        connection.unwrap(PGConnection.class).alterUserPassword(role, password.toCharArray(), null);
    }

    /// Lets the role log in with IAM tokens, on servers that have the role for it (Aurora User Guide,
    /// "Creating a database account using IAM authentication"). It can then no longer log in with a password.
    void admitTokens() throws SQLException {
        if (!ask(CANNOT_USE_TOKENS, role).isEmpty()) execute("GRANT rds_iam TO " + quoted);
    }

    /// Grants what the role lacks.
    ///
    /// @param privileges for the tables of today, as far as the service needs them
    /// @param later for tables of tomorrow, all of them
    void grant(String privileges, String later) throws SQLException {
        try {
            if (ask(USABLE, role).isEmpty()) execute("GRANT USAGE ON SCHEMA " + schema() + " TO " + quoted);
            for (var privilege : ask(LACKING, role, privileges)) execute("GRANT " + privilege + " TO " + quoted);
            execute(FUTURE.formatted(schema(), later + " ON TABLES", quoted));
            if (privileges.contains("INSERT")) execute(FUTURE.formatted(schema(), "USAGE ON SEQUENCES", quoted));
        } catch (SQLException e) {
            if (!INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) throw e;
            throw refused(e.getMessage());
        }
        // A grant without the right to grant may be a mere warning.
        var lacking = ask(LACKING, role, privileges);
        if (!lacking.isEmpty()) throw refused("it still lacks " + String.join(", ", lacking));
    }

    private FlywayException refused(String why) {
        return new FlywayException("The user of migrate may not grant the role " + role + " what it needs (" + why
                + "). Run migrate as the owner of the tables, or make its user their owner.");
    }

    private String schema() throws SQLException {
        return ask("SELECT quote_ident(current_schema())").getFirst();
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// The first column of all rows.
    private List<String> ask(String sql, String... parameters) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) statement.setString(i + 1, parameters[i]);
            try (var rows = statement.executeQuery()) {
                var values = new ArrayList<String>();
                while (rows.next()) values.add(rows.getString(1));
                return values;
            }
        }
    }
}
