package dev.meridian.lab.cluster;

import dev.meridian.testing.PostgresServer;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/// The orders on one PostgreSQL server.
final class StoredOrders {
    private StoredOrders() {}

    static long count(PostgresServer server) throws SQLException {
        return Long.parseLong(server.ask("SELECT count(*) FROM orders"));
    }

    /// The ids of the confirmed orders.
    static Set<String> confirmed(PostgresServer server) throws SQLException {
        var ids = new HashSet<String>();
        try (var connection = server.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT id FROM orders WHERE status = 'CONFIRMED'")) {
            while (rows.next()) ids.add(rows.getString(1));
        }
        return ids;
    }
}
