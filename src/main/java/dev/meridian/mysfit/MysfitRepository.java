package dev.meridian.mysfit;

import static dev.meridian.dynamo.Attributes.n;
import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.textOrNull;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.sql.Sql;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/// Items of `mysfits` and rows of `adoptions`. `Likes` of an item is the count of the older shop that the
/// table came from; it never changes here.
@ApplicationScoped
class MysfitRepository {
    private static final String ADOPT = """
            INSERT INTO adoptions (mysfit_id, region, claim) VALUES ($1, $2, $3)
            ON CONFLICT (mysfit_id) DO UPDATE SET claim = adoptions.claim
            RETURNING claim, region, xmax = 0 AS is_new""";

    /// Rows for items that say they are adopted; then what rows say that differ from their items.
    private static final String RESTORE = """
            WITH flagged AS (
                SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS f (mysfit_id, claim, region)
            ), restored AS (
                INSERT INTO adoptions (mysfit_id, claim, region) SELECT mysfit_id, claim, region FROM flagged
                ORDER BY mysfit_id
                ON CONFLICT DO NOTHING
                RETURNING mysfit_id, claim, region
            )
            SELECT mysfit_id, claim, region, true AS is_new FROM restored
            UNION ALL
            SELECT a.mysfit_id, a.claim, a.region, false FROM adoptions AS a JOIN flagged AS f USING (mysfit_id)
            WHERE a.claim <> f.claim OR a.claim IS NOT NULL AND f.claim IS NULL""";

    private static final BigDecimal NUMBER_MAX = BigDecimal.valueOf(1L << 53);

    private final Dynamo dynamo;
    private final Sql sql;

    MysfitRepository(Dynamo dynamo, Sql sql) {
        this.dynamo = dynamo;
        this.sql = sql;
    }

    /// Some items, and the start key of the next; null after the last.
    private record Page(List<Map<String, AttributeValue>> items, Map<String, AttributeValue> next) {}

    /// All mysfits, strongly consistent, in no order.
    ///
    /// @param max the most to read
    Uni<List<Mysfit>> list(int max) {
        return all(
                max,
                new ArrayList<>(),
                null,
                MysfitRepository::fromItem,
                (start, limit) -> dynamo.idempotent(
                                "mysfit-list",
                                client -> client.scan(r -> r.tableName(dynamo.name(DynamoTable.MYSFITS))
                                        .consistentRead(true)
                                        .exclusiveStartKey(start)
                                        .limit(limit)))
                        .map(MysfitRepository::page));
    }

    /// The mysfits whose attribute has the value, by index, eventually consistent, in no order.
    ///
    /// @param value not empty
    /// @param max the most to read
    Uni<List<Mysfit>> list(MysfitFilter filter, String value, int max) {
        return all(
                max,
                new ArrayList<>(),
                null,
                MysfitRepository::fromItem,
                (start, limit) -> dynamo.idempotent(
                                "mysfit-filter",
                                client -> client.query(r -> r.tableName(dynamo.name(DynamoTable.MYSFITS))
                                        .indexName(filter.attribute() + "Index")
                                        .keyConditionExpression("#attribute = :value")
                                        .expressionAttributeNames(Map.of("#attribute", filter.attribute()))
                                        .expressionAttributeValues(Map.of(":value", s(value)))
                                        .exclusiveStartKey(start)
                                        .limit(limit)))
                        .map(r -> new Page(r.items(), r.hasLastEvaluatedKey() ? r.lastEvaluatedKey() : null)));
    }

    private static <T> Uni<List<T>> all(
            int max,
            List<T> before,
            Map<String, AttributeValue> start,
            Function<Map<String, AttributeValue>, T> reader,
            BiFunction<Map<String, AttributeValue>, Integer, Uni<Page>> read) {
        return read.apply(start, max - before.size()).chain(page -> {
            page.items().forEach(item -> before.add(reader.apply(item)));
            return page.next() == null || before.size() >= max
                    ? Uni.createFrom().item(before)
                    : all(max, before, page.next(), reader, read);
        });
    }

    /// Reads one mysfit, strongly consistent.
    Uni<Optional<Mysfit>> find(String id) {
        return item(id).map(found -> found.map(MysfitRepository::fromItem));
    }

    private Uni<Optional<Map<String, AttributeValue>>> item(String id) {
        return dynamo.idempotent(
                        "mysfit-get",
                        client -> client.getItem(r -> r.tableName(dynamo.name(DynamoTable.MYSFITS))
                                .key(key(id))
                                .consistentRead(true)))
                .map(response -> response.hasItem() ? Optional.of(response.item()) : Optional.empty());
    }

    /// Creates the mysfit, without likes and not adopted, unless its id exists.
    ///
    /// @return whether it was new
    Uni<Boolean> create(Mysfit mysfit) {
        return dynamo.idempotent(
                        "mysfit-create",
                        client -> client.putItem(r -> r.tableName(dynamo.name(DynamoTable.MYSFITS))
                                .item(toItem(mysfit))
                                .conditionExpression("attribute_not_exists(MysfitId)")))
                .replaceWith(true)
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithItem(false);
    }

    /// Whether a mysfit is adopted, as its item says.
    ///
    /// @param isMade the flag
    /// @param claim whose it is; absent where the row has none, or the item was flagged before claims were
    ///     in items
    /// @param region where it was adopted; absent where the item was flagged before Regions were in items
    record Adoption(String mysfitId, boolean isMade, Optional<String> claim, Optional<String> region) {
        private static Adoption of(Map<String, AttributeValue> item) {
            return new Adoption(
                    text(item, "MysfitId"),
                    flag(item, "Adopted"),
                    Optional.ofNullable(textOrNull(item, "AdoptedBy")),
                    Optional.ofNullable(textOrNull(item, "AdoptedIn")));
        }
    }

    /// Reads the flag of one mysfit, strongly consistent; empty for an unknown id.
    Uni<Optional<Adoption>> adoption(String id) {
        return item(id).map(item -> item.map(Adoption::of));
    }

    /// The flags of all mysfits, set or not, strongly consistent.
    ///
    /// @param max the most to read
    Uni<List<Adoption>> adoptions(int max) {
        return all(
                max,
                new ArrayList<>(),
                null,
                Adoption::of,
                (start, limit) -> dynamo.idempotent(
                                "mysfit-flags",
                                client -> client.scan(r -> r.tableName(dynamo.name(DynamoTable.MYSFITS))
                                        .consistentRead(true)
                                        .projectionExpression("MysfitId, Adopted, AdoptedBy, AdoptedIn")
                                        .exclusiveStartKey(start)
                                        .limit(limit)))
                        .map(MysfitRepository::page));
    }

    private static Page page(ScanResponse response) {
        return new Page(response.items(), response.hasLastEvaluatedKey() ? response.lastEvaluatedKey() : null);
    }

    /// The row that decides an adoption.
    ///
    /// @param claim whose it is; absent in rows of older versions
    /// @param region where it was adopted
    /// @param isNew whether this statement inserted it
    record Decision(String mysfitId, Optional<String> claim, String region, boolean isNew) {
        private static Decision of(String mysfitId, Row row) {
            return new Decision(
                    mysfitId,
                    Optional.ofNullable(row.getString("claim")),
                    row.getString("region"),
                    row.getBoolean("is_new"));
        }
    }

    /// Inserts the row that decides an adoption, on the SQL writer, unless there is one. Idempotent: a
    /// statement that runs twice, because its connection broke, finds its own claim.
    Uni<Decision> claim(String id, String region, String claim) {
        return sql.write("mysfit-adopt", ADOPT, Tuple.of(id, region, claim))
                .map(rows -> Decision.of(id, rows.iterator().next()));
    }

    /// Inserts the rows that the SQL writer lacks. Idempotent.
    ///
    /// @param flagged what items say that are adopted
    /// @param here for those whose item has no Region
    /// @return the rows that are new, and those that another adopter has
    Uni<List<Decision>> restore(List<Adoption> flagged, String here) {
        var rows = Tuple.tuple()
                .addArrayOfString(flagged.stream().map(Adoption::mysfitId).toArray(String[]::new))
                .addArrayOfString(
                        flagged.stream().map(one -> one.claim().orElse(null)).toArray(String[]::new))
                .addArrayOfString(
                        flagged.stream().map(one -> one.region().orElse(here)).toArray(String[]::new));
        return sql.write("mysfit-restore", RESTORE, rows).map(found -> {
            var decisions = new ArrayList<Decision>();
            found.forEach(row -> decisions.add(Decision.of(row.getString("mysfit_id"), row)));
            return decisions;
        });
    }

    /// Sets the flag `Adopted`, and the claim and the Region that the row has; nothing happens when the mysfit is
    /// gone. Idempotent.
    Uni<Void> flagAdopted(Decision row) {
        var values = new HashMap<>(Map.of(":true", AttributeValue.fromBool(true), ":region", s(row.region())));
        row.claim().ifPresent(whose -> values.put(":claim", s(whose)));
        return dynamo.idempotent(
                        "mysfit-flag",
                        client -> client.updateItem(r -> r.tableName(dynamo.name(DynamoTable.MYSFITS))
                                .key(key(row.mysfitId()))
                                .updateExpression("SET Adopted = :true, AdoptedIn = :region"
                                        + (row.claim().isPresent() ? ", AdoptedBy = :claim" : ""))
                                .conditionExpression("attribute_exists(MysfitId)")
                                .expressionAttributeValues(values)))
                .replaceWithVoid()
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithNull();
    }

    private static Map<String, AttributeValue> key(String id) {
        return Map.of("MysfitId", s(id));
    }

    private static Map<String, AttributeValue> toItem(Mysfit mysfit) {
        var item = new HashMap<>(key(mysfit.mysfitId()));
        item.put("Name", s(mysfit.name()));
        item.put("Species", s(mysfit.species()));
        item.put("Description", s(mysfit.description()));
        item.put("Age", n(mysfit.age()));
        item.put("GoodEvil", s(mysfit.goodEvil()));
        item.put("LawChaos", s(mysfit.lawChaos()));
        item.put("ThumbImageUri", s(mysfit.thumbImageUri()));
        item.put("ProfileImageUri", s(mysfit.profileImageUri()));
        item.put("Adopted", AttributeValue.fromBool(false));
        return item;
    }

    /// Tolerant: items come from older shops too.
    static Mysfit fromItem(Map<String, AttributeValue> item) {
        return new Mysfit(
                text(item, "MysfitId"),
                text(item, "Name"),
                text(item, "Species"),
                text(item, "Description"),
                (int) Math.min(number(item, "Age"), Integer.MAX_VALUE),
                text(item, "GoodEvil"),
                text(item, "LawChaos"),
                text(item, "ThumbImageUri"),
                text(item, "ProfileImageUri"),
                number(item, "Likes"),
                flag(item, "Adopted"));
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        var value = item.get(name);
        return value == null || value.s() == null ? "" : value.s();
    }

    /// An integer attribute, stored as a number or a string, within bounds that keep sums from overflowing;
    /// else 0.
    private static long number(Map<String, AttributeValue> item, String name) {
        var value = item.get(name);
        var digits = value == null ? null : value.n() != null ? value.n() : value.s();
        if (digits == null || digits.length() > 40) return 0;
        try {
            return new BigDecimal(digits.strip())
                    .max(BigDecimal.ZERO)
                    .min(NUMBER_MAX)
                    .longValue();
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    private static boolean flag(Map<String, AttributeValue> item, String name) {
        var value = item.get(name);
        if (value == null) return false;
        return Boolean.TRUE.equals(value.bool()) || "true".equalsIgnoreCase(value.s());
    }
}
