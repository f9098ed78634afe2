package dev.meridian.journal;

import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.text;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.journal.JournalEntry.State;
import dev.meridian.shared.RegionConfig;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Requests to cancel orders, each an item of `order-journal` under the key `#cancel/` and the order's id, in
/// `OpenIndex` until it is done. Nothing but a request is written under that key, so a Region that closes the
/// order's entry cannot overwrite it. It is a copy of the entry, so it can be carried out where the entry has not
/// arrived.
@ApplicationScoped
class CancelRequestRepository {
    private static final String PREFIX = "#cancel/";

    /// No state of an entry, so a version that does not know requests leaves them alone.
    private static final String STATE = "CANCEL_REQUESTED";

    private final Dynamo dynamo;
    private final JournalRepository entries;
    private final RegionConfig region;

    CancelRequestRepository(Dynamo dynamo, JournalRepository entries, RegionConfig region) {
        this.dynamo = dynamo;
        this.entries = entries;
        this.region = region;
    }

    /// Stores a request. Repeated, it does no harm.
    Uni<Void> put(JournalEntry entry) {
        var item = new HashMap<>(entries.toItem(entry));
        item.keySet().removeAll(Set.of("openCustomerId", "closedShard", "closedAt", "closedIn", "reason"));
        item.put("orderId", s(PREFIX + entry.orderId()));
        item.put("state", s(STATE));
        item.put("openShard", entries.shard(entry.orderId()));
        item.put("cancelRequestedAt", JournalRepository.time(Instant.now()));
        item.put("cancelRequestedIn", s(region.name()));
        if (entry.confirmedAt() != null) item.put("confirmedAt", JournalRepository.time(entry.confirmedAt()));
        return dynamo.idempotent(
                        "order-cancel-request",
                        client -> client.putItem(r -> r.tableName(table()).item(item)))
                .replaceWithVoid();
    }

    Uni<Void> delete(String orderId) {
        return dynamo.idempotent(
                        "order-cancel-done",
                        client -> client.deleteItem(r -> r.tableName(table()).key(key(orderId))))
                .replaceWithVoid();
    }

    static Map<String, AttributeValue> key(String orderId) {
        return Map.of("orderId", s(PREFIX + orderId));
    }

    static boolean isRequest(Map<String, AttributeValue> item) {
        return text(item, "orderId").startsWith(PREFIX);
    }

    /// The open entry that a request stands for.
    static Map<String, AttributeValue> toOpen(Map<String, AttributeValue> request) {
        if (!STATE.equals(text(request, "state"))) throw new IllegalArgumentException("unknown state");
        var item = new HashMap<>(request);
        item.put("orderId", s(text(request, "orderId").substring(PREFIX.length())));
        item.put("state", s(State.ACCEPTED.name()));
        return item;
    }

    private String table() {
        return dynamo.name(DynamoTable.ORDER_JOURNAL);
    }
}
