package dev.meridian.lab.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.lab.replication.LabTables;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// The strongly consistent tables (MRSC): one store for both Regions. Their writes and consistent reads take a
/// round trip between the Regions. A write of an item that another Region is writing is refused after that time,
/// and not done.
final class StrongTables implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> WRITES = Set.of("PutItem", "UpdateItem", "DeleteItem");

    /// The writes of an item that are on their way, all from one Region.
    private record Writing(String region, int writes) {}

    private final Upstream store;
    private final Set<String> names;
    private final Duration roundTrip;
    private final Map<String, Writing> items = new ConcurrentHashMap<>();
    private final LongAdder conflicts = new LongAdder();

    /// @param port of the store
    /// @param names of the tables
    /// @param roundTrip between the Regions
    StrongTables(int port, Set<String> names, Duration roundTrip) {
        store = new Upstream(port);
        this.names = names;
        this.roundTrip = roundTrip;
    }

    boolean hold(List<String> tables) {
        return !tables.isEmpty() && names.containsAll(tables);
    }

    Refused count() {
        return new Refused(0, conflicts.sum(), 0);
    }

    /// @param region that the request comes from
    Message exchange(String region, String operation, Message request) throws IOException {
        if (WRITES.contains(operation)) return write(region, request);
        if (request.text().contains("\"ConsistentRead\":true")) pause();
        return store.exchange(request, DynamoFront.TIMEOUT);
    }

    private Message write(String region, Message request) throws IOException {
        var item = item(request);
        if (!begin(region, item)) {
            conflicts.increment();
            pause();
            return DynamoErrors.replicatedWriteConflict();
        }
        try {
            pause();
            return store.exchange(request, DynamoFront.TIMEOUT);
        } finally {
            items.computeIfPresent(item, (_, now) -> now.writes == 1 ? null : new Writing(region, now.writes - 1));
        }
    }

    private boolean begin(String region, String item) {
        return items.compute(item, (_, now) -> {
                    if (now == null) return new Writing(region, 1);
                    return now.region.equals(region) ? new Writing(region, now.writes + 1) : now;
                })
                .region
                .equals(region);
    }

    /// The table and the key of a write.
    private static String item(Message request) throws IOException {
        var write = JSON.readTree(request.body());
        var table = write.path("TableName").asText();
        var attributes = write.path(write.has("Key") ? "Key" : "Item");
        var item = new StringBuilder(table);
        LabTables.keyNames(table).forEach(name -> item.append(' ').append(attributes.path(name)));
        return item.toString();
    }

    private void pause() throws IOException {
        try {
            Thread.sleep(roundTrip);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
