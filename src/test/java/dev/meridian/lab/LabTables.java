package dev.meridian.lab;

import dev.meridian.dynamo.DynamoTable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The DynamoDB tables as the lab reads them: the names that services with the default prefix use.
final class LabTables {
    private static final String PREFIX = "meridian-";

    static final String JOURNAL = name(DynamoTable.ORDER_JOURNAL);
    static final String LIKES = name(DynamoTable.LIKES);
    static final String CARTS = name(DynamoTable.CARTS);
    static final String SCORES = name(DynamoTable.SCORES);
    static final String CHECKOUTS = name(DynamoTable.CHECKOUTS);
    static final String MYSFITS = name(DynamoTable.MYSFITS);
    static final String TICKETS = name(DynamoTable.TICKETS);

    private LabTables() {}

    static String name(DynamoTable table) {
        return PREFIX + table.baseName();
    }

    static List<String> all() {
        return Arrays.stream(DynamoTable.values()).map(LabTables::name).toList();
    }

    /// The tables that are strongly consistent across Regions.
    static Set<String> strong(boolean mrsc) {
        return mrsc ? Set.of(JOURNAL) : Set.of();
    }

    /// All items of a table, by key.
    static Map<String, Map<String, AttributeValue>> scan(DynamoLocal store, String table) {
        var declared = Arrays.stream(DynamoTable.values())
                .filter(t -> name(t).equals(table))
                .findFirst()
                .orElseThrow();
        var keyNames = declared.rangeKey()
                .map(range -> List.of(declared.hashKey(), range))
                .orElse(List.of(declared.hashKey()));
        var items = new HashMap<String, Map<String, AttributeValue>>();
        Map<String, AttributeValue> from = null;
        do {
            var start = from;
            var page = store.client()
                    .scan(r -> r.tableName(table).consistentRead(true).exclusiveStartKey(start))
                    .join();
            page.items().forEach(item -> items.put(Images.key(item, keyNames), Images.normal(item)));
            from = page.hasLastEvaluatedKey() && !page.lastEvaluatedKey().isEmpty() ? page.lastEvaluatedKey() : null;
        } while (from != null);
        return items;
    }

    /// The likes of every subject.
    static Map<String, Long> likes(DynamoLocal store) {
        var counts = new HashMap<String, Long>();
        scan(store, LIKES).values().stream()
                .filter(item -> item.containsKey("n"))
                .forEach(item -> counts.merge(
                        item.get("subjectId").s(), Long.parseLong(item.get("n").n()), Long::sum));
        return counts;
    }

    /// How many orders a Region's journal has open.
    static long open(DynamoLocal store) {
        return store.client()
                .scan(r -> r.tableName(JOURNAL).indexName("OpenIndex").select("COUNT"))
                .join()
                .count();
    }
}
