package dev.meridian.lab.client;

import dev.meridian.lab.cluster.LabRegion;
import dev.meridian.lab.replication.LabTables;
import dev.meridian.testing.DynamoLocal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Mysfits for adoption, new ones for each run: a mysfit is adopted only once.
public final class AdoptablePool {
    private static final String PREFIX = "adoptable-";
    private static final int COUNT = 16;

    private AdoptablePool() {}

    static boolean isOne(String mysfit) {
        return mysfit.startsWith(PREFIX);
    }

    /// Replaces the mysfits of earlier runs. Replication copies the new ones to the other Region.
    ///
    /// @param mysfits the items of the table
    /// @return their ids
    static List<String> create(DynamoLocal store, String run, Map<String, Map<String, AttributeValue>> mysfits) {
        var model = mysfits.entrySet().stream()
                .filter(mysfit -> !isOne(mysfit.getKey()))
                .findFirst()
                .orElseThrow()
                .getValue();
        for (var mysfit : mysfits.keySet()) {
            if (isOne(mysfit))
                store.client()
                        .deleteItem(r ->
                                r.tableName(LabTables.MYSFITS).key(Map.of("MysfitId", AttributeValue.fromS(mysfit))))
                        .join();
        }
        var ids = new ArrayList<String>();
        for (int i = 0; i < COUNT; i++) {
            var id = PREFIX + run + "-" + i;
            var item = new HashMap<>(model);
            item.remove("Likes");
            item.put("MysfitId", AttributeValue.fromS(id));
            item.put("Name", AttributeValue.fromS("Adoptable " + i));
            item.put("Adopted", AttributeValue.fromBool(false));
            store.client()
                    .putItem(r -> r.tableName(LabTables.MYSFITS).item(item))
                    .join();
            ids.add(id);
        }
        return ids;
    }

    /// The mysfits of a run that a Region shows as adopted.
    public static List<String> adopted(LabRegion region, List<String> ids) {
        var mysfits = LabTables.scan(region.dynamo(), LabTables.MYSFITS);
        return ids.stream()
                .filter(id -> mysfits.containsKey(id)
                        && Boolean.TRUE.equals(mysfits.get(id).get("Adopted").bool()))
                .toList();
    }
}
