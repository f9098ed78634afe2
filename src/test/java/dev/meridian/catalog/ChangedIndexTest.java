package dev.meridian.catalog;

import dev.meridian.dynamo.ReadItem;
import org.junit.jupiter.api.Test;

class ChangedIndexTest {
    @Test
    void theIndexProjectsWhatIsReadThere() {
        var item = ReadItem.of(
                "productId", "p-17",
                "changeKey", "delivery~eu-west-1",
                "changedAt", "2026-01-01T00:00:00.000001Z",
                "state", "APPLIED");
        ReadItem.assertProjectionIsRead("ChangedIndex", item, CatalogJournalRepository::indexed);
    }
}
