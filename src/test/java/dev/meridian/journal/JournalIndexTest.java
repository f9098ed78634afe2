package dev.meridian.journal;

import dev.meridian.dynamo.ReadItem;
import org.junit.jupiter.api.Test;

class JournalIndexTest {
    @Test
    void indexesOfTheJournalProjectWhatIsReadThere() {
        var item = ReadItem.of(
                "orderId", "o-1",
                "customerId", "ada",
                "payloadHash", "hash",
                "state", "REJECTED",
                "reason", "OUT_OF_STOCK: p",
                "acceptedAt", "2026-01-01T00:00:00.000Z",
                "region", "eu-west-1",
                "foundAt", "2026-01-01T00:00:02.000Z",
                "confirmedAt", "2026-01-01T00:00:01.000Z",
                "recoveryNote", "differs");
        ReadItem.assertProjectionIsRead("OpenIndex", item, JournalIndexRepository::open);
        ReadItem.assertProjectionIsRead("OpenCustomerIndex", item, JournalIndexRepository::orderId);
        ReadItem.assertProjectionIsRead("ClosedIndex", item, JournalIndexRepository::closed);
        ReadItem.assertProjectionIsRead("RecoveryIndex", item, JournalIndexRepository::missing);
    }
}
