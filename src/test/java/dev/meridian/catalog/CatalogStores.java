package dev.meridian.catalog;

import dev.meridian.testing.StoresResource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Direct access of a test to products in SQL and to `catalog-journal`: to lose the last changes as a failover does,
/// and
/// to leave entries as a process does that dies.
final class CatalogStores implements AutoCloseable {
    private static final String TABLE = "meridian-catalog-journal";
    private static final String COLUMNS =
            "id, name, description, price_minor, stock, image_url, tags, updated_at, put_at, stock_set_at";

    private final DynamoDbAsyncClient dynamo = StoresResource.dynamo();
    private final Connection sql;

    CatalogStores() throws SQLException {
        var login = new Properties();
        login.setProperty("user", "postgres");
        login.setProperty("password", "postgres");
        sql = new org.postgresql.Driver()
                .connect("jdbc:" + System.getProperty("stores.meridian.sql.writer-url"), login);
        run("CREATE TABLE IF NOT EXISTS kept_products AS SELECT " + COLUMNS + " FROM products LIMIT 0");
        run("CREATE TABLE IF NOT EXISTS kept_changes AS SELECT * FROM stock_changes LIMIT 0");
    }

    /// @param statement constant, of the test
    void run(String statement, Object... parameters) throws SQLException {
        try (var prepared = sql.prepareStatement(statement)) {
            for (int i = 0; i < parameters.length; i++) prepared.setObject(i + 1, parameters[i]);
            prepared.execute();
        }
    }

    /// What a standby has of a product now.
    void keep(String id) throws SQLException {
        run("DELETE FROM kept_products WHERE id = ?", id);
        run("DELETE FROM kept_changes WHERE product_id = ?", id);
        run("INSERT INTO kept_products SELECT " + COLUMNS + " FROM products WHERE id = ?", id);
        run("INSERT INTO kept_changes SELECT * FROM stock_changes WHERE product_id = ?", id);
    }

    /// The standby is the writer: everything since [#keep] is lost.
    void lose(String id) throws SQLException {
        run("DELETE FROM products WHERE id = ?", id);
        run("DELETE FROM stock_changes WHERE product_id = ?", id);
        run("INSERT INTO products (" + COLUMNS + ") SELECT * FROM kept_products WHERE id = ?", id);
        run("INSERT INTO stock_changes SELECT * FROM kept_changes WHERE product_id = ?", id);
    }

    /// An order takes or gives back units.
    void sell(String id, int units) throws SQLException {
        run("UPDATE products SET stock = stock - ? WHERE id = ?", units, id);
    }

    /// All entries of a product.
    List<Map<String, AttributeValue>> entries(String product) {
        return dynamo.query(r -> r.tableName(TABLE)
                        .consistentRead(true)
                        .keyConditionExpression("productId = :id")
                        .expressionAttributeValues(Map.of(":id", AttributeValue.fromS(product))))
                .join()
                .items();
    }

    /// The states of all entries of a product.
    List<String> states(String product) {
        return entries(product).stream().map(entry -> entry.get("state").s()).toList();
    }

    /// The keys of the open entries of a product.
    List<String> open(String product) {
        return entries(product).stream()
                .filter(entry -> entry.get("state").s().equals("OPEN"))
                .map(entry -> entry.get("changeKey").s())
                .toList();
    }

    /// Writes an entry as it was before SQL decided.
    void reopen(Map<String, AttributeValue> entry, Instant askedAt) {
        var open = new HashMap<>(entry);
        open.put("state", AttributeValue.fromS("OPEN"));
        open.put("changedAt", AttributeValue.fromS(askedAt.toString()));
        dynamo.putItem(r -> r.tableName(TABLE).item(open)).join();
    }

    @Override
    public void close() throws SQLException {
        sql.close();
        dynamo.close();
    }
}
