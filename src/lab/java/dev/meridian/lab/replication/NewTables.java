package dev.meridian.lab.replication;

import dev.meridian.dynamo.DynamoTable;
import dev.meridian.testing.DynamoLocal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/// Creates the tables that [DynamoTable] declares, with streams.
public final class NewTables {
    private NewTables() {}

    /// Creates all tables in an empty store.
    public static void create(DynamoLocal store) {
        for (var table : DynamoTable.values()) {
            var attributes = new LinkedHashMap<String, ScalarAttributeType>();
            var keys = keys(table.hashKey(), table.rangeKey().orElse(null));
            keys.forEach(key -> attributes.put(key.attributeName(), ScalarAttributeType.S));
            var indexes = table.indexes().stream()
                    .map(index -> index(index, attributes))
                    .toList();
            store.client()
                    .createTable(r -> {
                        r.tableName(LabTables.name(table))
                                .billingMode(BillingMode.PAY_PER_REQUEST)
                                .keySchema(keys)
                                .attributeDefinitions(definitions(attributes))
                                .streamSpecification(
                                        s -> s.streamEnabled(true).streamViewType(StreamViewType.NEW_AND_OLD_IMAGES));
                        if (!indexes.isEmpty()) r.globalSecondaryIndexes(indexes);
                    })
                    .join();
            begin(store, LabTables.name(table), keys);
        }
    }

    /// DynamoDB Local numbers the records of all its streams in one sequence. It treats the beginning of a
    /// stream as trimmed when another table's record lies between the creation of the table and its first
    /// record. So each stream gets a record immediately.
    private static void begin(DynamoLocal store, String table, List<KeySchemaElement> keys) {
        var item = new LinkedHashMap<String, AttributeValue>();
        keys.forEach(key -> item.put(key.attributeName(), AttributeValue.fromS("lab")));
        store.client().putItem(r -> r.tableName(table).item(item)).join();
        store.client().deleteItem(r -> r.tableName(table).key(item)).join();
    }

    private static GlobalSecondaryIndex index(DynamoTable.Index index, Map<String, ScalarAttributeType> attributes) {
        attributes.putIfAbsent(index.hashKey(), ScalarAttributeType.S);
        attributes.putIfAbsent(index.rangeKey(), index.numeric() ? ScalarAttributeType.N : ScalarAttributeType.S);
        var projection = index.included().isEmpty()
                ? Projection.builder().projectionType(ProjectionType.KEYS_ONLY)
                : Projection.builder().projectionType(ProjectionType.INCLUDE).nonKeyAttributes(index.included());
        return GlobalSecondaryIndex.builder()
                .indexName(index.name())
                .keySchema(keys(index.hashKey(), index.rangeKey()))
                .projection(projection.build())
                .build();
    }

    private static List<KeySchemaElement> keys(String hash, String range) {
        var keys = new ArrayList<KeySchemaElement>();
        keys.add(KeySchemaElement.builder()
                .attributeName(hash)
                .keyType(KeyType.HASH)
                .build());
        if (range != null)
            keys.add(KeySchemaElement.builder()
                    .attributeName(range)
                    .keyType(KeyType.RANGE)
                    .build());
        return keys;
    }

    private static List<AttributeDefinition> definitions(Map<String, ScalarAttributeType> attributes) {
        return attributes.entrySet().stream()
                .map(attribute -> AttributeDefinition.builder()
                        .attributeName(attribute.getKey())
                        .attributeType(attribute.getValue())
                        .build())
                .toList();
    }
}
