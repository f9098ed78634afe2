package dev.meridian.lab.replication;

import dev.meridian.testing.DynamoLocal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;

/// The stream of one table from its beginning. One caller at a time.
final class TableStream {
    private final DynamoLocal store;
    private final String table;
    private final List<String> keyNames;
    private final String arn;
    private final Set<String> seen = new HashSet<>();
    /// By shard, parents before children.
    private final Map<String, String> iterators = new LinkedHashMap<>();
    /// Read and not returned yet: a later call of the same poll failed.
    private final List<Record> records = new ArrayList<>();

    TableStream(DynamoLocal store, String table) {
        this.store = store;
        this.table = table;
        var description =
                store.client().describeTable(r -> r.tableName(table)).join().table();
        arn = description.latestStreamArn();
        if (arn == null) throw new IllegalStateException("table " + table + " has no stream");
        keyNames = description.keySchema().stream()
                .sorted(java.util.Comparator.comparing(k -> k.keyTypeAsString()))
                .map(k -> k.attributeName())
                .toList();
        findShards();
    }

    /// The partition key first.
    List<String> keyNames() {
        return keyNames;
    }

    /// All records not read before; the records of each item are in the order of its writes.
    List<Record> poll() {
        boolean isClosed = false;
        do {
            if (isClosed) findShards();
            isClosed = false;
            for (var shard : List.copyOf(iterators.keySet())) isClosed |= poll(shard);
        } while (isClosed);
        var all = List.copyOf(records);
        records.clear();
        return all;
    }

    /// @return whether the shard has ended, so that its children may be read
    private boolean poll(String shard) {
        var iterator = iterators.get(shard);
        while (iterator != null) {
            var from = iterator;
            var answer = store.streams().getRecords(r -> r.shardIterator(from)).join();
            records.addAll(answer.records());
            iterator = answer.nextShardIterator();
            if (iterator == null) iterators.remove(shard);
            else iterators.put(shard, iterator);
            if (answer.records().isEmpty()) return iterator == null;
        }
        return true;
    }

    private void findShards() {
        var description =
                store.streams().describeStream(r -> r.streamArn(arn)).join().streamDescription();
        for (var shard : description.shards()) {
            if (!seen.add(shard.shardId())) continue;
            iterators.put(
                    shard.shardId(),
                    store.streams()
                            .getShardIterator(r -> r.streamArn(arn)
                                    .shardId(shard.shardId())
                                    .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                            .join()
                            .shardIterator());
        }
    }

    @Override
    public String toString() {
        return table;
    }
}
