package dev.meridian.ticket;

import static dev.meridian.dynamo.Attributes.n;
import static dev.meridian.dynamo.Attributes.number;
import static dev.meridian.dynamo.Attributes.numberOrZero;
import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.text;
import static dev.meridian.dynamo.Attributes.textOrNull;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.dynamo.ShardedIndex;
import dev.meridian.shared.Cursor;
import dev.meridian.shared.Ids;
import dev.meridian.shared.NewerFormat;
import dev.meridian.shared.Page;
import dev.meridian.ticket.Ticket.Priority;
import dev.meridian.ticket.Ticket.Status;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/// Items of `tickets`: key `id`; index `ListIndex` (`listShard`, by the id; `createdAt`, the creation time and the
/// id) for the list, newest first, eventually consistent. `changeKey` and `changeVersion` name the change whose state
/// the item has ([StoredTicket]). Index `OwnerIndex` (`ownerId`, `createdAt`) for [TicketRetentionRepository].
@ApplicationScoped
class TicketRepository {
    private static final String TABLE = DynamoTable.TICKETS.baseName();
    private static final Pattern CREATED_AT = Pattern.compile("[^#\\p{Cntrl}]+#" + Ids.PATTERN);

    private final Dynamo dynamo;
    private final ShardedIndex list;

    TicketRepository(Dynamo dynamo) {
        this.dynamo = dynamo;
        this.list = new ShardedIndex(dynamo, DynamoTable.TICKETS, "ListIndex", "ticket-list");
    }

    /// Creates the ticket unless its id exists.
    ///
    /// @return the ticket with the id now: the new one, or the existing one
    Uni<StoredTicket> create(StoredTicket created) {
        return dynamo.idempotent(
                        "ticket-create",
                        client -> client.putItem(r -> r.tableName(dynamo.name(DynamoTable.TICKETS))
                                .item(toItem(created))
                                .conditionExpression("attribute_not_exists(id)")
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)))
                .map(_ -> created)
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithUni(failure -> Uni.createFrom().item(() -> one(failure.item())));
    }

    /// Writes the state of a ticket, if its item is still as it was read; who created it, and when, stays. May run
    /// twice.
    ///
    /// @param operation for metrics
    /// @return whether the item has this state now
    Uni<Boolean> update(String operation, StoredTicket next, StoredTicket seen) {
        var ticket = next.ticket();
        var values = new HashMap<>(Map.of(
                ":description", s(ticket.description()),
                ":assigned", s(ticket.assigned()),
                ":priority", s(ticket.priority().value()),
                ":status", s(ticket.status().value()),
                ":next", n(ticket.version()),
                ":key", s(next.changeKey()),
                ":seen", n(seen.ticket().version())));
        if (seen.changeKey() != null) values.put(":seenKey", s(seen.changeKey()));
        return dynamo.idempotent(
                        operation,
                        client -> client.updateItem(r -> r.tableName(dynamo.name(DynamoTable.TICKETS))
                                .key(Map.of("id", s(ticket.id())))
                                .updateExpression("SET description = :description, assigned = :assigned, "
                                        + "priority = :priority, #status = :status, version = :next, "
                                        + "changeKey = :key, changeVersion = :next, "
                                        // Older versions wrote none.
                                        + "ownerId = if_not_exists(ownerId, createdBy)")
                                .conditionExpression("version = :seen AND "
                                        + (seen.changeKey() == null
                                                ? "attribute_not_exists(changeKey)"
                                                : "changeKey = :seenKey"))
                                .expressionAttributeNames(Map.of("#status", "status"))
                                .expressionAttributeValues(values)
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)))
                .replaceWith(true)
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithItem(failure -> isDone(failure.item(), next));
    }

    /// Whether the first answer of this very write was lost.
    private static boolean isDone(Map<String, AttributeValue> item, StoredTicket next) {
        return item != null
                && s(next.changeKey()).equals(item.get("changeKey"))
                && n(next.ticket().version()).equals(item.get("version"));
    }

    /// Reads one ticket, strongly consistent.
    Uni<Optional<StoredTicket>> find(String id) {
        return dynamo.idempotent(
                        "ticket-get",
                        client -> client.getItem(r -> r.tableName(dynamo.name(DynamoTable.TICKETS))
                                .key(Map.of("id", s(id)))
                                .consistentRead(true)))
                .map(response -> response.hasItem() ? Optional.of(one(response.item())) : Optional.empty());
    }

    /// One page of all tickets, newest first. Costs what a page of [ShardedIndex] costs.
    ///
    /// @param limit how many at most; very long tickets make a page shorter
    Uni<Page<Ticket>> list(int limit, Optional<String> cursor) {
        var below = cursor.map(TicketRepository::createdAt);
        return list.page(limit, below)
                .map(page -> new Page<>(
                        NewerFormat.readable(TABLE, page.items(), TicketRepository::fromItem),
                        page.next().map(Cursor::encode)));
    }

    private static Map<String, AttributeValue> toItem(StoredTicket created) {
        var ticket = created.ticket();
        var item = new HashMap<String, AttributeValue>();
        item.put("id", s(ticket.id()));
        item.put("description", s(ticket.description()));
        item.put("assigned", s(ticket.assigned()));
        item.put("priority", s(ticket.priority().value()));
        item.put("status", s(ticket.status().value()));
        item.put("createdBy", s(ticket.createdBy()));
        item.put("createdOn", s(ticket.createdOn().toString()));
        item.put("requestHash", s(created.requestHash()));
        item.put("version", n(ticket.version()));
        item.put("listShard", ShardedIndex.shard(ticket.id()));
        item.put("createdAt", s(ticket.createdOn() + "#" + ticket.id()));
        if (created.ownerId() != null) item.put("ownerId", s(created.ownerId()));
        return item;
    }

    private static StoredTicket one(Map<String, AttributeValue> item) {
        return NewerFormat.one(TABLE, item, TicketRepository::stored);
    }

    private static StoredTicket stored(Map<String, AttributeValue> item) {
        return new StoredTicket(
                fromItem(item),
                text(item, "requestHash"),
                textOrNull(item, "ownerId"),
                textOrNull(item, "changeKey"),
                numberOrZero(item, "changeVersion"));
    }

    static Ticket fromItem(Map<String, AttributeValue> item) {
        return new Ticket(
                text(item, "id"),
                text(item, "description"),
                text(item, "assigned"),
                Priority.valueOf(text(item, "priority").toUpperCase(java.util.Locale.ROOT)),
                Status.valueOf(text(item, "status").toUpperCase(java.util.Locale.ROOT)),
                text(item, "createdBy"),
                Instant.parse(text(item, "createdOn")),
                number(item, "version"));
    }

    private static String createdAt(String cursor) {
        var createdAt = Cursor.decode(cursor, 1).getFirst();
        if (!CREATED_AT.matcher(createdAt).matches()) throw Cursor.invalid();
        return createdAt;
    }
}
