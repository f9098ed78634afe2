package dev.meridian.mysfit;

import dev.meridian.testing.Http;
import dev.meridian.testing.StoresResource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Mysfits for a single test, inserted directly into the stores and removed again, so that the sample data
/// stays unchanged.
final class Creatures implements AutoCloseable {
    static final String MYSFITS = "meridian-mysfits";
    static final String LIKES = "meridian-likes";

    private final DynamoDbAsyncClient dynamo = StoresResource.dynamo();
    private final List<Runnable> cleanUp = new ArrayList<>();

    /// A complete mysfit with this alignment.
    String with(String goodEvil, String lawChaos) {
        return with(Map.of(
                "Name", s("Test"),
                "Species", s("Golem"),
                "Description", s("Made for a test."),
                "Age", n(17),
                "GoodEvil", s(goodEvil),
                "LawChaos", s(lawChaos),
                "ThumbImageUri", s("/t.svg"),
                "ProfileImageUri", s("/p.svg"),
                "Adopted", AttributeValue.fromBool(false)));
    }

    /// A complete mysfit.
    String any() {
        return with("Good", "Lawful");
    }

    /// A mysfit with just these attributes and an id.
    String with(Map<String, AttributeValue> attributes) {
        var id = Http.anId("m");
        var item = new HashMap<>(attributes);
        item.put("MysfitId", s(id));
        put(MYSFITS, item);
        cleanUp.add(() -> delete(MYSFITS, Map.of("MysfitId", s(id))));
        return id;
    }

    /// Likes from another Region, as if they were replicated.
    void likes(String subject, String region, int shard, long n) {
        put(LIKES, Map.of("subjectId", s(subject), "regionShard", s(region + "#" + shard), "n", n(n)));
    }

    /// The registry entry of another Region.
    void register(String region, int shards) {
        var key = Map.of("subjectId", s("#regions"), "regionShard", s(region));
        var item = new HashMap<>(key);
        item.put("shards", n(shards));
        put(LIKES, item);
        cleanUp.add(() -> delete(LIKES, key));
    }

    /// Counters of a subject, or registry entries: sort key and the number.
    Map<String, Long> likeItems(String partition, String attribute) {
        var counters = new HashMap<String, Long>();
        likeItems(partition)
                .forEach(item -> counters.put(
                        item.get("regionShard").s(),
                        Long.valueOf(item.get(attribute).n())));
        return counters;
    }

    /// All counters of a subject.
    List<Map<String, AttributeValue>> likeItems(String subject) {
        return dynamo.query(r -> r.tableName(LIKES)
                        .consistentRead(true)
                        .keyConditionExpression("subjectId = :s")
                        .expressionAttributeValues(Map.of(":s", s(subject))))
                .join()
                .items();
    }

    Map<String, AttributeValue> item(String mysfit) {
        return dynamo.getItem(r ->
                        r.tableName(MYSFITS).key(Map.of("MysfitId", s(mysfit))).consistentRead(true))
                .join()
                .item();
    }

    void put(String table, Map<String, AttributeValue> item) {
        dynamo.putItem(r -> r.tableName(table).item(item)).join();
    }

    void delete(String table, Map<String, AttributeValue> key) {
        dynamo.deleteItem(r -> r.tableName(table).key(key)).join();
    }

    /// Runs a statement.
    ///
    /// @return the first column of the first row as a number, or the number of changed rows
    static long sql(String statement) {
        try (var connection = connect();
                var sql = connection.createStatement()) {
            if (!sql.execute(statement)) return sql.getUpdateCount();
            try (var rows = sql.getResultSet()) {
                rows.next();
                return rows.getLong(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Connection connect() throws SQLException {
        var connection = DriverManager.getConnection(
                "jdbc:" + System.getProperty("stores.meridian.sql.writer-url"), "postgres", "postgres");
        connection.setReadOnly(false);
        try (var sql = connection.createStatement()) {
            sql.execute("SET default_transaction_read_only = off");
        }
        return connection;
    }

    static AttributeValue s(String value) {
        return AttributeValue.fromS(value);
    }

    static AttributeValue n(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }

    @Override
    public void close() {
        cleanUp.forEach(Runnable::run);
        dynamo.close();
    }
}
