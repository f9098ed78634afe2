package dev.meridian.retention;

import dev.meridian.testing.StoresResource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Makes things old in the stores of the service under test.
final class OldItems {
    private static final String JOURNAL = "meridian-order-journal";

    private OldItems() {}

    static void run(String statement, Object... parameters) throws SQLException {
        try (var connection = sql();
                var prepared = connection.prepareStatement(statement)) {
            for (int i = 0; i < parameters.length; i++) prepared.setObject(i + 1, parameters[i]);
            prepared.executeUpdate();
        }
    }

    static Object value(String query, Object... parameters) throws SQLException {
        try (var connection = sql();
                var prepared = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) prepared.setObject(i + 1, parameters[i]);
            try (var rows = prepared.executeQuery()) {
                return rows.next() ? rows.getObject(1) : null;
            }
        }
    }

    private static Connection sql() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:" + System.getProperty("stores.meridian.sql.writer-url"), "postgres", "postgres");
    }

    /// An order that was settled in the year 2020.
    static void settled(String orderId) throws SQLException {
        run("UPDATE orders SET confirmed_at = '2020-01-01T00:00:00Z' WHERE id = ?", orderId);
        var item = new HashMap<>(journal(orderId));
        item.put("closedAt", AttributeValue.fromS("2020-01-01T00:00:00.000Z"));
        put(JOURNAL, item);
    }

    /// An entry that is open again.
    static void open(String orderId) {
        var item = new HashMap<>(journal(orderId));
        item.keySet().removeAll(java.util.Set.of("closedAt", "closedShard"));
        item.put("state", AttributeValue.fromS("ACCEPTED"));
        item.put("openShard", AttributeValue.fromS("0"));
        item.put("openCustomerId", item.get("customerId"));
        put(JOURNAL, item);
    }

    static Map<String, AttributeValue> journal(String orderId) {
        return get(JOURNAL, Map.of("orderId", AttributeValue.fromS(orderId)));
    }

    static Map<String, AttributeValue> get(String table, Map<String, AttributeValue> key) {
        try (var client = StoresResource.dynamo()) {
            return client.getItem(r -> r.tableName(table).key(key).consistentRead(true))
                    .join()
                    .item();
        }
    }

    static void put(String table, Map<String, AttributeValue> item) {
        try (var client = StoresResource.dynamo()) {
            client.putItem(r -> r.tableName(table).item(item)).join();
        }
    }

    /// Orders that the journal does not have.
    static void copyOrders(String customer, int count) throws SQLException {
        run("""
                INSERT INTO orders (id, customer_id, idempotency_key, payload_hash, status, region, created_at,
                                    confirmed_at, subtotal_minor, shipping)
                SELECT '0' || upper(substr(md5(?::text || n), 1, 25)), ?, 'k' || n, 'h', 'REJECTED', 'eu-west-1',
                       timestamptz '2020-01-01' + n * interval '1 minute', timestamptz '2020-01-01', 100, NULL
                FROM generate_series(1, ?) AS n""", customer, customer, count);
        run("""
                INSERT INTO order_lines (order_id, line, product_id, quantity, unit_minor)
                SELECT id, 1, 'p-1', 1, 100 FROM orders WHERE customer_id = ? AND payload_hash = 'h'
                ON CONFLICT DO NOTHING""", customer);
    }
}
