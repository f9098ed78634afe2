package dev.meridian.recovery;

import dev.meridian.testing.DynamoLocal;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
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
        item.remove("closedShard");
        item.remove("closedAt");
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
