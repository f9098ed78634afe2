package dev.meridian.journal;

import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.textOrNull;
import static dev.meridian.journal.JournalRepository.key;
import static dev.meridian.journal.JournalRepository.one;
import static dev.meridian.journal.JournalRepository.time;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.journal.JournalEntry.State;
import dev.meridian.shared.RegionConfig;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/// Changes of the state of an entry: it is closed, opened again, marked for cancelling, replaced. Each is one
/// conditional write. See [JournalRepository] for the attributes.
@ApplicationScoped
class JournalStateRepository {
    /// Attributes that only some entries have. Those of a failover are not among them: they stay.
    private static final List<String> OPTIONAL =
            List.of("reason", "openShard", "openCustomerId", "reopenedAt", "closedShard", "closedAt", "closedIn");

    /// Open, of the same request, and not being cancelled just now. See [#mayClose] and [#canClose].
    private static final String MAY_CLOSE = "#state = :open AND payloadHash = :payloadHash"
            + " AND (attribute_not_exists(reopenedAt) OR reopenedAt < :before)";

    /// The time of the first confirmation stays when an entry is opened again, and its Region if it is known.
    static final String CONFIRMED_BEFORE = ", confirmedAt = if_not_exists(confirmedAt, closedAt)"
            + ", confirmedIn = if_not_exists(confirmedIn, if_not_exists(closedIn, :unknown))";

    static final Map<String, AttributeValue> UNKNOWN = Map.of(":unknown", s(""));

    private final Dynamo dynamo;
    private final JournalRepository entries;
    private final RegionConfig region;

    JournalStateRepository(Dynamo dynamo, JournalRepository entries, RegionConfig region) {
        this.dynamo = dynamo;
        this.entries = entries;
        this.region = region;
    }

    /// Writes the state only, as long as the entry that is stored is the one that was settled. One that another
    /// Region made of the same request has other prices, so then all of it is written.
    Uni<Boolean> close(JournalEntry end, Instant reopenedBefore, boolean isReplay) {
        var now = time(Instant.now());
        var here = s(region.name());
        return close(
                end,
                reopenedBefore,
                isReplay && end.state() == State.CONFIRMED ? Map.of("replayedAt", now, "replayedIn", here) : Map.of());
    }

    /// @param more attributes to set besides
    Uni<Boolean> close(JournalEntry end, Instant reopenedBefore, Map<String, AttributeValue> more) {
        var values = new HashMap<>(mayClose(end, reopenedBefore));
        values.putAll(Map.of(
                ":state", s(end.state().name()),
                ":shard", entries.shard(end.orderId()),
                ":now", time(Instant.now()),
                ":here", s(region.name()),
                ":acceptedAt", time(end.acceptedAt()),
                ":region", s(end.region())));
        if (end.reason() != null) values.put(":reason", s(end.reason()));
        more.forEach((name, value) -> values.put(":" + name, value));
        var besides =
                more.keySet().stream().map(name -> ", " + name + " = :" + name).collect(Collectors.joining());
        return dynamo.idempotent(
                        "order-close",
                        client -> client.updateItem(r -> r.tableName(table())
                                .key(key(end.orderId()))
                                .updateExpression("SET #state = :state, closedShard = :shard, closedAt = :now,"
                                        + " closedIn = :here"
                                        + (end.reason() == null ? "" : ", reason = :reason")
                                        + besides
                                        + " REMOVE openShard, openCustomerId, reopenedAt")
                                .conditionExpression(
                                        canClose(end) + " AND acceptedAt = :acceptedAt AND #region = :region")
                                .expressionAttributeNames(Map.of("#state", "state", "#region", "region"))
                                .expressionAttributeValues(values)
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)))
                .replaceWith(true)
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithUni(failure -> isOtherOfSameRequest(failure.item(), end)
                        ? replace("order-close-whole", end, more, "", canClose(end), mayClose(end, reopenedBefore))
                        : Uni.createFrom().item(false));
    }

    /// An order that is to be cancelled must not end as confirmed.
    private static String canClose(JournalEntry end) {
        return MAY_CLOSE + (end.state() == State.CONFIRMED ? " AND attribute_not_exists(cancelRequestedAt)" : "");
    }

    private static Map<String, AttributeValue> mayClose(JournalEntry end, Instant reopenedBefore) {
        return Map.of(
                ":open", s(State.ACCEPTED.name()),
                ":payloadHash", s(end.payloadHash()),
                ":before", time(reopenedBefore));
    }

    private static boolean isOtherOfSameRequest(Map<String, AttributeValue> item, JournalEntry end) {
        return State.ACCEPTED.name().equals(textOrNull(item, "state"))
                && end.payloadHash().equals(textOrNull(item, "payloadHash"))
                && !(time(end.acceptedAt()).equals(item.get("acceptedAt"))
                        && s(end.region()).equals(item.get("region")));
    }

    Uni<Optional<JournalEntry>> reopen(String orderId) {
        return change(
                "order-reopen",
                orderId,
                "SET #state = :open, openShard = :shard, openCustomerId = customerId, reopenedAt = :now"
                        + CONFIRMED_BEFORE + " REMOVE closedShard, closedAt, closedIn",
                "#state = :confirmed",
                "ALL_OLD",
                with(
                        UNKNOWN,
                        Map.of(
                                ":open", s(State.ACCEPTED.name()),
                                ":confirmed", s(State.CONFIRMED.name()),
                                ":now", time(Instant.now()),
                                ":shard", entries.shard(orderId))));
    }

    /// Marks an open entry. Repeated, the first time stays.
    ///
    /// @return the entry as it is now, marked if it is open; empty when there is none
    Uni<Optional<JournalEntry>> requestCancel(String orderId) {
        return change(
                "order-cancel-mark",
                orderId,
                "SET cancelRequestedAt = if_not_exists(cancelRequestedAt, :now),"
                        + " cancelRequestedIn = if_not_exists(cancelRequestedIn, :here)",
                "#state = :open",
                "ALL_NEW",
                Map.of(
                        ":open", s(State.ACCEPTED.name()),
                        ":now", time(Instant.now()),
                        ":here", s(region.name())));
    }

    /// @param returned which entry to return when the condition holds
    /// @return the entry; the one that is stored when the condition does not hold, empty when there is none
    private Uni<Optional<JournalEntry>> change(
            String operation,
            String orderId,
            String update,
            String condition,
            String returned,
            Map<String, AttributeValue> values) {
        return dynamo.idempotent(
                        operation,
                        client -> client.updateItem(r -> r.tableName(table())
                                .key(key(orderId))
                                .updateExpression(update)
                                .conditionExpression(condition)
                                .expressionAttributeNames(Map.of("#state", "state"))
                                .expressionAttributeValues(values)
                                .returnValues(returned)
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)))
                .map(response -> Optional.of(one(response.attributes())))
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithUni(failure -> Uni.createFrom()
                        .item(() -> failure.hasItem() ? Optional.of(one(failure.item())) : Optional.empty()));
    }

    Uni<Void> overwrite(JournalEntry entry) {
        var expected = entry.state() == State.CANCELLED ? EnumSet.allOf(State.class) : EnumSet.of(State.ACCEPTED);
        return replace("order-journal-store", entry, Map.of(), "", isAbsentOr(expected), states(expected))
                .replaceWithVoid();
    }

    static Map<String, AttributeValue> with(Map<String, AttributeValue> values, Map<String, AttributeValue> more) {
        var all = new HashMap<>(values);
        all.putAll(more);
        return all;
    }

    /// The condition that the stored entry, if there is one, has one of these states: never one that only a newer
    /// version knows.
    static String isAbsentOr(Set<State> expected) {
        return "attribute_not_exists(orderId) OR #state IN ("
                + String.join(", ", states(expected).keySet()) + ")";
    }

    static Map<String, AttributeValue> states(Set<State> expected) {
        return expected.stream().collect(Collectors.toMap(state -> ":is" + state, state -> s(state.name())));
    }

    /// Sets all attributes of an entry and removes the optional ones that it does not have.
    ///
    /// @param more attributes to set besides
    /// @param set further terms of `SET`
    /// @param condition which may name attributes of the entry (`#state`) and their new values (`:state`)
    /// @param given the other values that the condition names
    Uni<Boolean> replace(
            String operation,
            JournalEntry entry,
            Map<String, AttributeValue> more,
            String set,
            String condition,
            Map<String, AttributeValue> given) {
        var item = new HashMap<>(entries.toItem(entry));
        item.remove("orderId");
        item.putAll(more);
        var names = item.keySet().stream().collect(Collectors.toMap(name -> "#" + name, name -> name));
        var values = new HashMap<>(given);
        item.forEach((name, value) -> values.put(":" + name, value));
        var sets =
                item.keySet().stream().map(name -> "#" + name + " = :" + name).collect(Collectors.joining(", "));
        var absent = OPTIONAL.stream().filter(name -> !item.containsKey(name)).collect(Collectors.joining(", "));
        return update(
                operation,
                entry.orderId(),
                r -> r.updateExpression("SET " + sets + set + " REMOVE " + absent)
                        .conditionExpression(condition)
                        .expressionAttributeNames(names)
                        .expressionAttributeValues(values));
    }

    /// Updates one item under a condition. `#state` stands for the attribute `state`, a reserved word of
    /// DynamoDB.
    ///
    /// @return whether the condition held
    Uni<Boolean> update(String operation, String orderId, Consumer<UpdateItemRequest.Builder> change) {
        return dynamo.idempotent(
                        operation,
                        client -> client.updateItem(r -> change.accept(r.tableName(table())
                                .key(key(orderId))
                                .expressionAttributeNames(Map.of("#state", "state")))))
                .replaceWith(true)
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithItem(false);
    }

    private String table() {
        return dynamo.name(DynamoTable.ORDER_JOURNAL);
    }
}
