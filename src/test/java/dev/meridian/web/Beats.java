package dev.meridian.web;

import dev.meridian.testing.StoresResource;
import java.time.Instant;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Heartbeats of Regions that do not run, as if they were replicated.
final class Beats implements AutoCloseable {
    private static final String TABLE = "meridian-regions";

    private final DynamoDbAsyncClient client = StoresResource.dynamo();

    void write(String region, Instant at, String status, int dynamoMs) {
        client.putItem(r -> r.tableName(TABLE)
                        .item(Map.of(
                                "region", s("#beat/" + region),
                                "at", s(at.toString()),
                                "status", s(status),
                                "message", s("as it was found"),
                                "unknown", s("of a newer version"),
                                "checks",
                                        AttributeValue.fromM(Map.of(
                                                "dynamodb", check(dynamoMs),
                                                "sql-reader", check(dynamoMs + 1),
                                                "sql-writer", check(dynamoMs + 80))))))
                .join();
    }

    /// A heartbeat that a future version might write.
    void writeNonsense(String region) {
        client.putItem(r -> r.tableName(TABLE).item(Map.of("region", s("#beat/" + region), "at", s("tomorrow"))))
                .join();
    }

    void remove(String region) {
        delete("#beat/" + region);
    }

    void removeSwitch(String region) {
        delete(region);
    }

    private void delete(String key) {
        client.deleteItem(r -> r.tableName(TABLE).key(Map.of("region", s(key)))).join();
    }

    private static AttributeValue check(int ms) {
        return AttributeValue.fromM(Map.of("state", s("UP"), "ms", AttributeValue.fromN(Integer.toString(ms))));
    }

    private static AttributeValue s(String value) {
        return AttributeValue.fromS(value);
    }

    @Override
    public void close() {
        client.close();
    }
}
