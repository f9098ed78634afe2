package dev.meridian.ticket;

import static dev.meridian.dynamo.Attributes.n;
import static dev.meridian.dynamo.Attributes.number;
import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.text;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.shared.Cursor;
import dev.meridian.shared.NewerFormat;
import dev.meridian.shared.Page;
import dev.meridian.ticket.Ticket.Priority;
import dev.meridian.ticket.Ticket.Status;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/// Items of `ticket-changes`: key `ticketId` and `changeKey` ([StoredChange#key]). They never change, so any Region may
/// write any of them.
@ApplicationScoped
class TicketChangeRepository {
    private static final String TABLE = DynamoTable.TICKET_CHANGES.baseName();

    private final Dynamo dynamo;

    TicketChangeRepository(Dynamo dynamo) {
        this.dynamo = dynamo;
    }

    /// Stores a change unless it is there. May run twice.
    Uni<Void> put(String ticketId, StoredChange change) {
        return dynamo.idempotent(
                        "ticket-change-put",
                        client -> client.putItem(r -> r.tableName(table())
                                .item(toItem(ticketId, change))
                                .conditionExpression("attribute_not_exists(ticketId)")))
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithNull()
                .replaceWithVoid();
    }

    /// Changes of a ticket, newest first, strongly consistent.
    ///
    /// @param cursor of the page before
    /// @throws dev.meridian.shared.ProblemException 400 for another cursor; 503 when a newer version wrote one
    Uni<Page<StoredChange>> find(String ticketId, int limit, Optional<String> cursor) {
        var below = cursor.map(text -> Cursor.decode(text, 1).getFirst()).orElse("~");
        if (below.isEmpty()) throw Cursor.invalid();
        return dynamo.idempotent(
                        "ticket-changes",
                        client -> client.query(r -> r.tableName(table())
                                .keyConditionExpression("ticketId = :ticket AND changeKey < :below")
                                .expressionAttributeValues(Map.of(":ticket", s(ticketId), ":below", s(below)))
                                .scanIndexForward(false)
                                .consistentRead(true)
                                .limit(limit)))
                .map(response -> new Page<>(
                        response.items().stream()
                                .map(item -> NewerFormat.one(TABLE, item, TicketChangeRepository::fromItem))
                                .toList(),
                        response.hasLastEvaluatedKey()
                                        && !response.lastEvaluatedKey().isEmpty()
                                ? Optional.of(Cursor.encode(text(response.lastEvaluatedKey(), "changeKey")))
                                : Optional.empty()));
    }

    /// Deletes a change. May run twice.
    Uni<Void> delete(String ticketId, StoredChange change) {
        return dynamo.idempotent(
                        "ticket-change-delete",
                        client -> client.deleteItem(r -> r.tableName(table()).key(key(ticketId, change.key()))))
                .replaceWithVoid();
    }

    private String table() {
        return dynamo.name(DynamoTable.TICKET_CHANGES);
    }

    private static Map<String, AttributeValue> key(String ticketId, String changeKey) {
        return Map.of("ticketId", s(ticketId), "changeKey", s(changeKey));
    }

    private static Map<String, AttributeValue> toItem(String ticketId, StoredChange change) {
        var item = new HashMap<>(key(ticketId, change.key()));
        item.put("version", n(change.version()));
        item.put("description", s(change.description()));
        item.put("assigned", s(change.assigned()));
        item.put("priority", s(change.priority().value()));
        item.put("status", s(change.status().value()));
        return item;
    }

    private static StoredChange fromItem(Map<String, AttributeValue> item) {
        return new StoredChange(
                text(item, "changeKey"),
                number(item, "version"),
                text(item, "description"),
                text(item, "assigned"),
                Priority.valueOf(text(item, "priority").toUpperCase(Locale.ROOT)),
                Status.valueOf(text(item, "status").toUpperCase(Locale.ROOT)));
    }
}
