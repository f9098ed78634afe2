package dev.meridian.ticket;

import static dev.meridian.dynamo.Attributes.n;
import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.text;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.dynamo.ShardedIndex;
import dev.meridian.shared.Page;
import dev.meridian.ticket.Ticket.Status;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/// Finds old tickets and those of a customer in the indexes of `tickets`, eventually consistent, and deletes tickets.
@ApplicationScoped
class TicketRetentionRepository {
    private final Dynamo dynamo;
    private final ShardedIndex list;

    TicketRetentionRepository(Dynamo dynamo) {
        this.dynamo = dynamo;
        this.list = new ShardedIndex(dynamo, DynamoTable.TICKETS, "ListIndex", "ticket-old");
    }

    /// A page of the tickets that were created before a time, as the list has them.
    ///
    /// @param seen how many it has, of any state
    /// @param closed the ids of those that are closed
    /// @param next where the next page begins, if there may be one
    record Old(int seen, List<String> closed, Optional<String> next) {}

    /// Tickets that were created before a time, newest first.
    ///
    /// @param after where the page before ended
    Uni<Old> createdBefore(Instant before, Optional<String> after, int limit) {
        return list.page(limit, Optional.of(after.orElse(before.toString())))
                .map(page -> new Old(
                        page.items().size(),
                        page.items().stream()
                                .filter(item -> s(Status.CLOSED.value()).equals(item.get("status")))
                                .map(item -> text(item, "id"))
                                .toList(),
                        page.next()));
    }

    /// The ids of the tickets with an owner, oldest first.
    ///
    /// @param ownerId who called when they were created, or says to have created them
    /// @param after where the page before ended
    Uni<Page<String>> ofOwner(String ownerId, Optional<String> after, int limit) {
        var above = after.orElse("0");
        return dynamo.idempotent(
                        "ticket-of-owner",
                        client -> client.query(r -> r.tableName(dynamo.name(DynamoTable.TICKETS))
                                .indexName("OwnerIndex")
                                .keyConditionExpression("ownerId = :owner AND createdAt > :above")
                                .expressionAttributeValues(Map.of(":owner", s(ownerId), ":above", s(above)))
                                .limit(limit)))
                .map(response -> new Page<>(
                        response.items().stream().map(item -> text(item, "id")).toList(),
                        response.hasLastEvaluatedKey()
                                        && !response.lastEvaluatedKey().isEmpty()
                                ? Optional.of(text(response.lastEvaluatedKey(), "createdAt"))
                                : Optional.empty()));
    }

    /// Deletes a ticket that is still as it was read. May run twice.
    ///
    /// @return whether it is gone
    Uni<Boolean> delete(StoredTicket seen) {
        var values = new HashMap<>(Map.of(":seen", n(seen.ticket().version())));
        if (seen.changeKey() != null) values.put(":seenKey", s(seen.changeKey()));
        return dynamo.idempotent(
                        "ticket-delete",
                        client -> client.deleteItem(r -> r.tableName(dynamo.name(DynamoTable.TICKETS))
                                .key(key(seen.ticket().id()))
                                .conditionExpression("attribute_not_exists(id) OR version = :seen AND "
                                        + (seen.changeKey() == null
                                                ? "attribute_not_exists(changeKey)"
                                                : "changeKey = :seenKey"))
                                .expressionAttributeValues(values)))
                .replaceWith(true)
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithItem(false);
    }

    private static Map<String, AttributeValue> key(String id) {
        return Map.of("id", s(id));
    }
}
