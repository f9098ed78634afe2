package dev.meridian.recovery;

import dev.meridian.testing.DynamoLocal;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Direct access of a test to the journal, to read and to damage it.
final class Journal implements AutoCloseable {
    private static final String TABLE = "meridian-order-journal";

    private final DynamoDbAsyncClient client;

    Journal(String endpoint) {
        client = DynamoDbAsyncClient.builder()
                .endpointOverride(URI.create(endpoint))
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClient(DynamoLocal.CONNECTIONS)
                .build();
    }

    Map<String, AttributeValue> get(String orderId) {
        return client.getItem(r -> r.tableName(TABLE)
                        .key(Map.of("orderId", AttributeValue.fromS(orderId)))
                        .consistentRead(true))
                .join()
                .item();
    }

    String state(String orderId) {
        return get(orderId).get("state").s();
    }

    void put(Map<String, AttributeValue> item) {
        client.putItem(r -> r.tableName(TABLE).item(item)).join();
    }

    void delete(String orderId) {
        client.deleteItem(r -> r.tableName(TABLE).key(Map.of("orderId", AttributeValue.fromS(orderId))))
                .join();
    }

    /// Opens an entry again, as if the process had died after SQL and before it updated the journal.
    void open(String orderId) {
        var item = new HashMap<>(get(orderId));
        item.put("state", AttributeValue.fromS("ACCEPTED"));
        item.put("openShard", AttributeValue.fromS("0"));
        item.put("openCustomerId", item.get("customerId"));
        item.keySet().removeAll(Set.of("closedShard", "closedAt", "confirmedAt", "confirmedIn"));
        put(item);
    }

    /// As if an entry had been closed then, in the same partition as another one.
    void closedAt(String orderId, Instant at, String other) {
        var item = new HashMap<>(get(orderId));
        item.put("closedAt", AttributeValue.fromS(time(at)));
        item.put("closedShard", get(other).get("closedShard"));
        put(item);
    }

    /// Of fixed length, as the journal has it.
    static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", ".123Z");
    }

    /// As if a late Region had closed an entry as confirmed just now.
    void confirm(String orderId) {
        var item = new HashMap<>(get(orderId));
        item.put("state", AttributeValue.fromS("CONFIRMED"));
        item.put("closedAt", AttributeValue.fromS(time(Instant.now())));
        put(item);
    }

    /// As if a Region had closed an entry of which it did not know that it was lost.
    void forgetReport(String orderId) {
        var item = new HashMap<>(get(orderId));
        item.keySet()
                .removeAll(Set.of("recoveryShard", "recoveryKey", "foundAt", "foundIn", "confirmedAt", "confirmedIn"));
        put(item);
    }

    /// An open entry that cannot be settled.
    void putBroken(String orderId) {
        put(Map.of(
                "orderId", AttributeValue.fromS(orderId),
                "state", AttributeValue.fromS("ACCEPTED"),
                "openShard", AttributeValue.fromS("0"),
                "acceptedAt", AttributeValue.fromS("2001-01-01T00:00:00.000Z")));
    }

    @Override
    public void close() {
        client.close();
    }
}
