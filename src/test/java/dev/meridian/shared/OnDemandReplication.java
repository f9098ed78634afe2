package dev.meridian.shared;

import dev.meridian.dynamo.DynamoTable;
import dev.meridian.testing.DynamoLocal;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Two processes of a local DynamoDB as the replicas of global tables: [#copy] copies the changes since the
/// last copy, item by item. When both have written an item, the second replica's wins and the conflict is
/// counted, since a write may be lost.
public final class OnDemandReplication implements AutoCloseable {
    private final DynamoDbAsyncClient[] clients;
    /// The items of both after the last copy, by table and key.
    private final Map<String, Map<Object, Map<String, AttributeValue>>> common = new HashMap<>();

    private final Map<DynamoTable, Integer> conflicts = new EnumMap<>(DynamoTable.class);

    public OnDemandReplication(String endpoint, String other) {
        clients = new DynamoDbAsyncClient[] {client(endpoint), client(other)};
    }

    private static DynamoDbAsyncClient client(String endpoint) {
        return DynamoDbAsyncClient.builder()
                .endpointOverride(URI.create(endpoint))
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClient(DynamoLocal.CONNECTIONS)
                .build();
    }

    /// The number of conflicts so far: items of a table that both replicas wrote between two copies.
    public int conflicts(DynamoTable table) {
        return conflicts.getOrDefault(table, 0);
    }

    /// Makes all tables equal.
    public void copy() {
        for (var table : DynamoTable.values()) copy(table);
    }

    /// All items of a table in one replica.
    ///
    /// @param replica 0 or 1
    public List<Map<String, AttributeValue>> items(int replica, DynamoTable table) {
        var items = Collections.synchronizedList(new ArrayList<Map<String, AttributeValue>>());
        clients[replica]
                .scanPaginator(r -> r.tableName(name(table)).consistentRead(true))
                .items()
                .subscribe(items::add)
                .join();
        return items;
    }

    private void copy(DynamoTable table) {
        var last = common.computeIfAbsent(table.baseName(), _ -> new HashMap<>());
        var first = byKey(0, table);
        var second = byKey(1, table);
        var keys = new HashSet<>(first.keySet());
        keys.addAll(second.keySet());
        keys.addAll(last.keySet());
        for (var key : keys) {
            var was = last.get(key);
            var one = first.get(key);
            var two = second.get(key);
            boolean isChanged = !Objects.equals(was, one);
            boolean isChangedThere = !Objects.equals(was, two);
            if (isChanged && isChangedThere && !Objects.equals(one, two)) conflicts.merge(table, 1, Integer::sum);
            var now = isChangedThere ? two : one;
            if (!Objects.equals(one, now)) write(0, table, one, now);
            if (!Objects.equals(two, now)) write(1, table, two, now);
            last.put(key, now);
        }
    }

    private Map<Object, Map<String, AttributeValue>> byKey(int replica, DynamoTable table) {
        var items = new HashMap<Object, Map<String, AttributeValue>>();
        items(replica, table).forEach(item -> items.put(key(table, item), item));
        return items;
    }

    private void write(
            int replica, DynamoTable table, Map<String, AttributeValue> before, Map<String, AttributeValue> now) {
        if (now == null) {
            clients[replica]
                    .deleteItem(r -> r.tableName(name(table)).key(key(table, before)))
                    .join();
        } else {
            clients[replica].putItem(r -> r.tableName(name(table)).item(now)).join();
        }
    }

    private static Map<String, AttributeValue> key(DynamoTable table, Map<String, AttributeValue> item) {
        var key = new HashMap<String, AttributeValue>();
        key.put(table.hashKey(), item.get(table.hashKey()));
        table.rangeKey().ifPresent(name -> key.put(name, item.get(name)));
        return key;
    }

    private static String name(DynamoTable table) {
        return "meridian-" + table.baseName();
    }

    @Override
    public void close() {
        for (var client : clients) client.close();
    }
}
