package dev.meridian.journal;

import static dev.meridian.dynamo.Attributes.n;
import static dev.meridian.dynamo.Attributes.number;
import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.text;
import static dev.meridian.dynamo.Attributes.textOrNull;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.journal.JournalEntry.Missing;
import dev.meridian.journal.JournalEntry.Payload;
import dev.meridian.journal.JournalEntry.State;
import dev.meridian.shared.NewerFormat;
import dev.meridian.shared.RegionConfig;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/// Items of `order-journal`, by their key `orderId`. Sparse indexes find entries by state: an index has an item
/// only while the item has the index's hash key. [JournalIndexRepository] reads them,
/// [JournalStateRepository] changes the state.
///
/// | Entries | have | Index |
/// |---|---|---|
/// | open | `openShard`, `acceptedAt` | `OpenIndex` |
/// | open | `openCustomerId`, `acceptedAt` | `OpenCustomerIndex` |
/// | closed | `closedShard`, `closedAt` | `ClosedIndex` |
/// | once missing on a new SQL writer | `recoveryShard`, `recoveryKey` (`foundAt` and the id) | `RecoveryIndex` |
///
/// Only conditional writes of single items: no transactions and no TTL. So a deployment may make the table
/// strongly consistent across Regions (MRSC).
@ApplicationScoped
class JournalRepository {
    static final String TABLE = DynamoTable.ORDER_JOURNAL.baseName();

    private static final int READS_AT_ONCE = 8;

    /// Of fixed length, so that times sort as text.
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Dynamo dynamo;
    private final JournalConfig config;
    private final RegionConfig region;

    JournalRepository(Dynamo dynamo, JournalConfig config, RegionConfig region) {
        this.dynamo = dynamo;
        this.config = config;
        this.region = region;
    }

    int shards() {
        return config.journalShards();
    }

    Uni<Accepted> accept(JournalEntry entry) {
        return dynamo.idempotent(
                        "order-accept",
                        client -> client.putItem(r -> r.tableName(table())
                                .item(toItem(entry))
                                .conditionExpression("attribute_not_exists(orderId)")
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)))
                .map(_ -> new Accepted(entry, true))
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithUni(failure -> Uni.createFrom().item(() -> new Accepted(one(failure.item()), false)));
    }

    Uni<Optional<JournalEntry>> find(String orderId) {
        return dynamo.idempotent(
                        "order-journal-get",
                        client -> client.getItem(
                                r -> r.tableName(table()).key(key(orderId)).consistentRead(true)))
                .map(response -> response.hasItem() ? Optional.of(one(response.item())) : Optional.empty());
    }

    /// Those with the ids, in their order, without those that only a newer version can read.
    Uni<List<JournalEntry>> findAll(List<String> orderIds) {
        if (orderIds.isEmpty()) return Uni.createFrom().item(List.of());
        return Uni.join()
                .all(orderIds.stream().map(this::findReadable).toList())
                .usingConcurrencyOf(READS_AT_ONCE)
                .andFailFast()
                .map(found -> found.stream().flatMap(Optional::stream).toList());
    }

    private Uni<Optional<JournalEntry>> findReadable(String orderId) {
        return find(orderId).onFailure(NewerFormat::is).recoverWithItem(Optional.empty());
    }

    private String table() {
        return dynamo.name(DynamoTable.ORDER_JOURNAL);
    }

    static Map<String, AttributeValue> key(String orderId) {
        return Map.of("orderId", s(orderId));
    }

    AttributeValue shard(String orderId) {
        return s(Integer.toString(Math.floorMod(orderId.hashCode(), shards())));
    }

    Map<String, AttributeValue> toItem(JournalEntry entry) {
        var item = new HashMap<>(Map.of(
                "orderId", s(entry.orderId()),
                "customerId", s(entry.customerId()),
                "idempotencyKey", s(entry.idempotencyKey()),
                "payloadHash", s(entry.payloadHash()),
                "state", s(entry.state().name()),
                "acceptedAt", time(entry.acceptedAt()),
                "region", s(entry.region()),
                "payloadFormat", n(entry.payload().format()),
                "payload", s(entry.payload().content())));
        if (entry.reason() != null) item.put("reason", s(entry.reason()));
        if (entry.isOpen()) {
            item.put("openShard", shard(entry.orderId()));
            item.put("openCustomerId", s(entry.customerId()));
        } else {
            item.put("closedShard", shard(entry.orderId()));
            item.put("closedAt", time(Instant.now()));
            item.put("closedIn", s(region.name()));
        }
        return item;
    }

    static JournalEntry one(Map<String, AttributeValue> item) {
        return NewerFormat.one(TABLE, item, JournalRepository::toEntry);
    }

    private static JournalEntry toEntry(Map<String, AttributeValue> stored) {
        var item = CancelRequestRepository.isRequest(stored) ? CancelRequestRepository.toOpen(stored) : stored;
        return new JournalEntry(
                text(item, "orderId"),
                text(item, "customerId"),
                text(item, "idempotencyKey"),
                text(item, "payloadHash"),
                State.valueOf(text(item, "state")),
                textOrNull(item, "reason"),
                instant(item, "acceptedAt"),
                text(item, "region"),
                new Payload((int) number(item, "payloadFormat"), text(item, "payload")),
                item.containsKey("foundAt") ? missing(item) : null,
                EventAttributes.read(name -> textOrNull(item, name)));
    }

    static Missing missing(Map<String, AttributeValue> item) {
        return new Missing(instant(item, "foundAt"), instant(item, "confirmedAt"), textOrNull(item, "recoveryNote"));
    }

    static AttributeValue time(Instant time) {
        return s(TIME.format(time));
    }

    /// @return null when the item has no such attribute
    static Instant instant(Map<String, AttributeValue> item, String name) {
        var text = textOrNull(item, name);
        return text == null ? null : Instant.parse(text);
    }
}
