package dev.meridian.ticket;

import dev.meridian.dynamo.ReadItem;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class TicketIndexTest {
    @Test
    void theListShowsWhatItsIndexProjects() {
        var item = ReadItem.of(
                "id", "a",
                "description", "The like button is stuck.",
                "assigned", "",
                "priority", "low",
                "status", "open",
                "createdBy", "b",
                "createdOn", "2026-01-01T00:00:00Z");
        item.put("version", AttributeValue.fromN("1"));
        ReadItem.assertProjectionIsRead("ListIndex", item, TicketRepository::fromItem);
    }
}
