package dev.meridian.catalog;

import static dev.meridian.dynamo.Attributes.n;
import static dev.meridian.dynamo.Attributes.number;
import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.text;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.dynamo.ShardedIndex;
import dev.meridian.shared.Money;
import dev.meridian.shared.NewerFormat;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
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
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/// Items of `catalog-journal`: key `productId`, `changeKey` (the key of the change, `~` and the Region that
/// was asked, which alone writes the item); `state` (`OPEN`, `APPLIED`), `changedAt`, `units`, and for a `PUT`
/// the draft as JSON (`payload`, `payloadFormat`). `changeShard` is the hash key of `ChangedIndex`; `expiresAt`,
/// epoch seconds, the table's TTL attribute.
///
/// Only conditional writes of single items, so a deployment may make the table strongly consistent across
/// Regions (MRSC); it has no TTL then, and items stay.
@ApplicationScoped
class CatalogJournalRepository {
    private static final String TABLE = DynamoTable.CATALOG_JOURNAL.baseName();
    private static final String OPEN = "OPEN";
    private static final String APPLIED = "APPLIED";
    private static final char REGION = '~';

    /// The format of the payload that this version writes.
    private static final int FORMAT = 1;

    /// Of fixed length, so that times sort as text; to the microsecond, as PostgreSQL has them.
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final Dynamo dynamo;
    private final CatalogConfig config;

    CatalogJournalRepository(Dynamo dynamo, CatalogConfig config) {
        this.dynamo = dynamo;
        this.config = config;
    }

    /// A change as the index has it.
    ///
    /// @param at as in [ProductChange#at]
    record Indexed(String productId, String key, String region, Instant at, boolean isDecided) {
        private static Indexed of(Map<String, AttributeValue> item, boolean isDecided) {
            var key = text(item, "changeKey");
            int end = key.lastIndexOf(REGION);
            if (end < 0) throw new IllegalArgumentException("no Region");
            return new Indexed(
                    text(item, "productId"),
                    key.substring(0, end),
                    key.substring(end + 1),
                    Instant.parse(text(item, "changedAt")),
                    isDecided);
        }
    }

    /// Some changes in the order of their times, and the last one of them if there may be more.
    record IndexPage(List<Indexed> items, Optional<Indexed> next) {}

    /// Writes an open change; one of the same key that is decided stays.
    Uni<Void> open(ProductChange change) {
        return put(
                "catalog-open", change, "attribute_not_exists(productId) OR #state = :open", Map.of(":open", s(OPEN)));
    }

    /// Writes a decided change, whether or not it is there. Idempotent: SQL decides once for each key.
    Uni<Void> close(ProductChange change) {
        return put(
                "catalog-close",
                change,
                "attribute_not_exists(productId) OR #state IN (:open, :applied)",
                Map.of(":open", s(OPEN), ":applied", s(APPLIED)));
    }

    private Uni<Void> put(
            String operation, ProductChange change, String condition, Map<String, AttributeValue> values) {
        return dynamo.idempotent(
                        operation,
                        client -> client.putItem(r -> r.tableName(table())
                                .item(toItem(change))
                                .conditionExpression(condition)
                                .expressionAttributeNames(Map.of("#state", "state"))
                                .expressionAttributeValues(values)))
                .replaceWithVoid()
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithNull();
    }

    /// Removes a change as long as it is open.
    Uni<Void> remove(ProductChange change) {
        return dynamo.idempotent(
                        "catalog-remove",
                        client -> client.deleteItem(r -> r.tableName(table())
                                .key(key(change.productId(), change.key(), change.region()))
                                .conditionExpression("#state = :open")
                                .expressionAttributeNames(Map.of("#state", "state"))
                                .expressionAttributeValues(Map.of(":open", s(OPEN)))))
                .replaceWithVoid()
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithNull();
    }

    /// One change, strongly consistent.
    ///
    /// @throws ProblemException 503 when a newer version wrote it
    Uni<Optional<ProductChange>> find(Indexed change) {
        return dynamo.idempotent(
                        "catalog-journal-get",
                        client -> client.getItem(r -> r.tableName(table())
                                .key(key(change.productId(), change.key(), change.region()))
                                .consistentRead(true)))
                .map(response -> response.hasItem()
                        ? Optional.of(NewerFormat.one(TABLE, response.item(), CatalogJournalRepository::change))
                        : Optional.empty());
    }

    /// Changes of one shard since a time, oldest first; eventually consistent.
    ///
    /// @param after where the page before ended
    Uni<IndexPage> changed(int shard, Instant since, Optional<Indexed> after, int limit) {
        return dynamo.idempotent(
                        "catalog-changed",
                        client -> client.query(r -> r.tableName(table())
                                .indexName("ChangedIndex")
                                .keyConditionExpression("changeShard = :shard AND changedAt >= :since")
                                .expressionAttributeValues(
                                        Map.of(":shard", s(Integer.toString(shard)), ":since", s(TIME.format(since))))
                                .exclusiveStartKey(after.map(CatalogJournalRepository::indexKey)
                                        .orElse(null))
                                .limit(limit)))
                .map(CatalogJournalRepository::page);
    }

    private static IndexPage page(QueryResponse response) {
        var isMore =
                response.hasLastEvaluatedKey() && !response.lastEvaluatedKey().isEmpty();
        return new IndexPage(
                NewerFormat.readable(TABLE, response.items(), CatalogJournalRepository::indexed),
                isMore ? Optional.of(Indexed.of(response.lastEvaluatedKey(), true)) : Optional.empty());
    }

    private static Map<String, AttributeValue> indexKey(Indexed position) {
        var key = new HashMap<>(key(position.productId(), position.key(), position.region()));
        key.put("changeShard", ShardedIndex.shard(position.productId()));
        key.put("changedAt", s(TIME.format(position.at())));
        return key;
    }

    static Indexed indexed(Map<String, AttributeValue> item) {
        return Indexed.of(item, isDecided(text(item, "state")));
    }

    private static boolean isDecided(String state) {
        return switch (state) {
            case OPEN -> false;
            case APPLIED -> true;
            default -> throw new IllegalArgumentException("unknown state");
        };
    }

    private String table() {
        return dynamo.name(DynamoTable.CATALOG_JOURNAL);
    }

    private static Map<String, AttributeValue> key(String productId, String key, String region) {
        return Map.of("productId", s(productId), "changeKey", s(key + REGION + region));
    }

    private Map<String, AttributeValue> toItem(ProductChange change) {
        var item = new HashMap<>(key(change.productId(), change.key(), change.region()));
        item.put("state", s(change.isDecided() ? APPLIED : OPEN));
        item.put("changedAt", s(TIME.format(change.at())));
        item.put("changeShard", ShardedIndex.shard(change.productId()));
        item.put("units", n(change.units()));
        item.put("expiresAt", n(Instant.now().plus(config.journalKept()).getEpochSecond()));
        item.put("payloadFormat", n(FORMAT));
        change.draft().ifPresent(draft -> item.put("payload", s(json(draft).encode())));
        return item;
    }

    private static ProductChange change(Map<String, AttributeValue> item) {
        if (number(item, "payloadFormat") != FORMAT) throw new IllegalArgumentException("unknown format");
        var indexed = indexed(item);
        var id = indexed.productId();
        return new ProductChange(
                id,
                indexed.key(),
                indexed.region(),
                item.containsKey("payload")
                        ? Optional.of(draft(id, new JsonObject(text(item, "payload"))))
                        : Optional.empty(),
                Math.toIntExact(number(item, "units")),
                indexed.at(),
                indexed.isDecided());
    }

    private static JsonObject json(ProductDraft draft) {
        var tags = new JsonArray();
        for (var tag : draft.tags())
            tags.add(new JsonObject().put("name", tag.name()).put("displayName", tag.displayName()));
        return new JsonObject()
                .put("name", draft.name())
                .put("description", draft.description())
                .put("priceMinor", draft.price().minor())
                .put("keepsStock", draft.keepsStock())
                .put("stock", draft.stock())
                .put("imageUrl", draft.imageUrl().orElse(null))
                .put("tags", tags);
    }

    private static ProductDraft draft(String id, JsonObject json) {
        return new ProductDraft(
                id,
                json.getString("name"),
                json.getString("description"),
                new Money(json.getLong("priceMinor")),
                json.getBoolean("keepsStock"),
                json.getInteger("stock"),
                Optional.ofNullable(json.getString("imageUrl")),
                json.getJsonArray("tags").stream()
                        .map(JsonObject.class::cast)
                        .map(tag -> new Tag(tag.getString("name"), tag.getString("displayName")))
                        .toList());
    }
}
