package dev.meridian.order;

import dev.meridian.testing.StoresResource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Direct access to the stores of the service under test, for what HTTP cannot do or show.
final class OrderStores {
    private static final String JOURNAL = "meridian-order-journal";

    private OrderStores() {}

    static Connection sql() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:" + System.getProperty("stores.meridian.sql.writer-url"), "postgres", "postgres");
    }

    static void run(String statement, String... parameters) throws SQLException {
        try (var connection = sql();
                var prepared = connection.prepareStatement(statement)) {
            for (int i = 0; i < parameters.length; i++) prepared.setString(i + 1, parameters[i]);
            prepared.executeUpdate();
        }
    }

    /// The first column of the first row.
    static Object value(String query, String... parameters) throws SQLException {
        try (var connection = sql();
                var prepared = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) prepared.setString(i + 1, parameters[i]);
            try (var rows = prepared.executeQuery()) {
                return rows.next() ? rows.getObject(1) : null;
            }
        }
    }

    static Integer stock(String productId) throws SQLException {
        return (Integer) value("SELECT stock FROM products WHERE id = ?", productId);
    }

    static long orders(String customerId, String status) throws SQLException {
        return (Long) value("SELECT count(*) FROM orders WHERE customer_id = ? AND status = ?", customerId, status);
    }

    /// The journal entry of an order as DynamoDB attributes; empty when there is none.
    static Map<String, AttributeValue> journal(String orderId) {
        try (var client = dynamo()) {
            return client.getItem(r -> r.tableName(JOURNAL)
                            .key(Map.of("orderId", AttributeValue.fromS(orderId)))
                            .consistentRead(true))
                    .join()
                    .item();
        }
    }

    /// Sets the state of a journal entry, as if the process had died before it updated the journal.
    static void open(String orderId) {
        var item = new HashMap<>(journal(orderId));
        item.put("state", AttributeValue.fromS("ACCEPTED"));
        item.put("openShard", AttributeValue.fromS("0"));
        item.put("openCustomerId", item.get("customerId"));
        put(item);
    }

    static void put(Map<String, AttributeValue> item) {
        try (var client = dynamo()) {
            client.putItem(r -> r.tableName(JOURNAL).item(item)).join();
        }
    }

    static void delete(String orderId) {
        try (var client = dynamo()) {
            client.deleteItem(r -> r.tableName(JOURNAL).key(Map.of("orderId", AttributeValue.fromS(orderId))))
                    .join();
        }
    }

    private static DynamoDbAsyncClient dynamo() {
        return StoresResource.dynamo();
    }
}
