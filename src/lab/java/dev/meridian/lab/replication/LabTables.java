package dev.meridian.lab.replication;

import dev.meridian.dynamo.DynamoTable;
import dev.meridian.testing.DynamoLocal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The DynamoDB tables for the lab, with the names that services with the default prefix use.
public final class LabTables {
    private static final String PREFIX = "meridian-";

    /// The order journal.
    public static final String JOURNAL = name(DynamoTable.ORDER_JOURNAL);
    /// Counters of likes.
    public static final String LIKES = name(DynamoTable.LIKES);
    /// Cart lines.
    public static final String CARTS = name(DynamoTable.CARTS);
    /// Scores of the leaderboard.
    public static final String SCORES = name(DynamoTable.SCORES);
    /// Checkouts in progress.
    public static final String CHECKOUTS = name(DynamoTable.CHECKOUTS);
    /// Mysfits.
    public static final String MYSFITS = name(DynamoTable.MYSFITS);
    /// Support tickets.
    public static final String TICKETS = name(DynamoTable.TICKETS);
    /// Changes of support tickets.
    public static final String TICKET_CHANGES = name(DynamoTable.TICKET_CHANGES);
    /// The journal of changes of products.
    public static final String CATALOG_JOURNAL = name(DynamoTable.CATALOG_JOURNAL);

    private LabTables() {}

    /// The full name of a table.
    public static String name(DynamoTable table) {
        return PREFIX + table.baseName();
    }

    /// The full names of all tables.
    public static List<String> all() {
        return Arrays.stream(DynamoTable.values()).map(LabTables::name).toList();
    }

    /// The tables that are strongly consistent across Regions.
    public static Set<String> strong(boolean mrsc) {
        return mrsc ? Set.of(JOURNAL) : Set.of();
    }

    /// The attributes that are the key of a table.
    public static List<String> keyNames(String table) {
        var declared = Arrays.stream(DynamoTable.values())
                .filter(t -> name(t).equals(table))
                .findFirst()
                .orElseThrow();
        return declared.rangeKey()
                .map(range -> List.of(declared.hashKey(), range))
                .orElse(List.of(declared.hashKey()));
    }

    /// All items of a table, by key.
    public static Map<String, Map<String, AttributeValue>> scan(DynamoLocal store, String table) {
        var keyNames = keyNames(table);
        var items = new HashMap<String, Map<String, AttributeValue>>();
        Map<String, AttributeValue> from = null;
        do {
            var start = from;
            var page = store.client()
                    .scan(r -> r.tableName(table).consistentRead(true).exclusiveStartKey(start))
                    .join();
            page.items().forEach(item -> items.put(ItemImages.key(item, keyNames), ItemImages.normal(item)));
            from = page.hasLastEvaluatedKey() && !page.lastEvaluatedKey().isEmpty() ? page.lastEvaluatedKey() : null;
        } while (from != null);
        return items;
    }

    /// The likes of every subject.
    public static Map<String, Long> likes(DynamoLocal store) {
        var counts = new HashMap<String, Long>();
        var keys = new HashSet<String>();
        scan(store, LIKES).values().stream()
                .filter(item -> item.containsKey("n"))
                .forEach(item -> {
                    var subject = item.get("subjectId").s();
                    // A key that the counters of two Regions have is one like.
                    long twice = Stream.of("recentKeys", "formerKeys")
                            .filter(item::containsKey)
                            .flatMap(name -> item.get(name).ss().stream())
                            .filter(key -> !keys.add(subject + "#" + key))
                            .count();
                    counts.merge(subject, Long.parseLong(item.get("n").n()) - twice, Long::sum);
                });
        return counts;
    }

    /// The number of open entries in a Region's journal.
    public static long open(DynamoLocal store) {
        return store.client()
                .scan(r -> r.tableName(JOURNAL).indexName("OpenIndex").select("COUNT"))
                .join()
                .count();
    }
}
