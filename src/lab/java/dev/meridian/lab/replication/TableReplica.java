package dev.meridian.lab.replication;

import dev.meridian.lab.replication.Change.Version;
import dev.meridian.testing.DynamoLocal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Record;

/// One table in one Region: reads its stream, and applies the writes of the other Region to it.
///
/// Reading the stream and applying writes exclude each other, so the replicator can tell its own writes in the
/// stream. A write is conditional on the item that the stream showed last, so it never overwrites a local write
/// that the replicator has not read yet.
final class TableReplica {
    /// @param image null when the item does not exist
    private record Known(Map<String, AttributeValue> image, Version version) {}

    private static final int ATTEMPTS_MAX = 20;

    private final DynamoLocal store;
    private final String region;
    private final String table;
    private final LongSupplier clock;
    private final BooleanSupplier lastWriterWins;
    private final TableStream stream;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicLong asked = new AtomicLong();
    private long answered;
    private final Map<String, Known> items = new HashMap<>();
    private final Map<String, Deque<Known>> echoes = new HashMap<>();
    /// Own writes whose answer was lost, or may have been lost before they were repeated.
    private final Map<String, Known> doubtful = new HashMap<>();
    private final ConcurrentLinkedDeque<Change> outbound = new ConcurrentLinkedDeque<>();

    /// @param clock strictly growing nanoseconds, the same for both Regions
    TableReplica(DynamoLocal store, String region, String table, LongSupplier clock, BooleanSupplier lastWriterWins) {
        this.store = store;
        this.region = region;
        this.table = table;
        this.clock = clock;
        this.lastWriterWins = lastWriterWins;
        this.stream = new TableStream(store, table);
    }

    /// Local writes that wait to be applied to the other Region, oldest first.
    ConcurrentLinkedDeque<Change> outbound() {
        return outbound;
    }

    String table() {
        return table;
    }

    /// Reads every write that completed before this call, and timestamps it. Concurrent callers share a read.
    void observe() {
        long ticket = asked.incrementAndGet();
        lock.lock();
        try {
            if (answered >= ticket) return;
            long upTo = asked.get();
            read();
            answered = upTo;
        } finally {
            lock.unlock();
        }
    }

    /// Applies writes of the other Region, unless the local item is newer.
    void apply(List<Change> changes) {
        lock.lock();
        try {
            read();
            changes.forEach(this::apply);
        } finally {
            lock.unlock();
        }
    }

    private void apply(Change change) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            var known = items.get(change.key());
            if (lastWriterWins.getAsBoolean() && known != null && known.version.compareTo(change.version()) >= 0)
                return;
            if (write(change, known == null ? null : known.image)) return;
            read();
            doubtful.remove(change.key());
        }
        throw new IllegalStateException("no gap between the writes of " + change.key() + " in " + table);
    }

    private void read() {
        stream.poll().forEach(this::take);
    }

    private void take(Record change) {
        var data = change.dynamodb();
        var key = ItemImages.key(data.keys(), stream.keyNames());
        var image = data.hasNewImage() ? ItemImages.normal(data.newImage()) : null;
        var expected = echoes.get(key);
        if (expected != null && Objects.equals(expected.getFirst().image, image)) {
            echo(key, data.keys(), expected);
            return;
        }
        var own = doubtful.remove(key);
        if (own != null && Objects.equals(own.image, image)) {
            items.put(key, own);
            return;
        }
        var version = new Version(clock.getAsLong(), region);
        items.put(key, new Known(image, version));
        outbound.add(new Change(key, data.keys(), image, version));
    }

    private void echo(String key, Map<String, AttributeValue> keyAttributes, Deque<Known> expected) {
        var own = expected.removeFirst();
        if (!expected.isEmpty()) return;
        echoes.remove(key);
        var known = items.get(key);
        if (known.version.equals(own.version) || !lastWriterWins.getAsBoolean()) return;
        // A local write came between the last read and our write, and the condition did not see it: it is the
        // newer one.
        write(new Change(key, keyAttributes, known.image, known.version), own.image);
    }

    /// @return whether it is done; false when the stored item differs from the known one
    private boolean write(Change change, Map<String, AttributeValue> known) {
        var after = new Known(change.image(), change.version());
        if (Objects.equals(known, change.image())) {
            items.put(change.key(), after);
            return true;
        }
        var others = change.image() == null ? List.<String>of() : change.image().keySet();
        var unchanged = ItemImages.unchanged(known, stream.keyNames().getFirst(), others);
        try {
            if (change.image() == null) {
                store.client()
                        .deleteItem(r -> r.tableName(table)
                                .key(change.keyAttributes())
                                .conditionExpression(unchanged.expression())
                                .expressionAttributeNames(unchanged.names())
                                .expressionAttributeValues(unchanged.values()))
                        .join();
            } else {
                store.client()
                        .putItem(r -> r.tableName(table)
                                .item(change.image())
                                .conditionExpression(unchanged.expression())
                                .expressionAttributeNames(unchanged.names())
                                .expressionAttributeValues(unchanged.values()))
                        .join();
            }
        } catch (java.util.concurrent.CompletionException e) {
            doubtful.put(change.key(), after);
            if (e.getCause() instanceof ConditionalCheckFailedException) return false;
            throw e;
        }
        doubtful.remove(change.key());
        items.put(change.key(), after);
        echoes.computeIfAbsent(change.key(), _ -> new ArrayDeque<>()).addLast(after);
        return true;
    }
}
