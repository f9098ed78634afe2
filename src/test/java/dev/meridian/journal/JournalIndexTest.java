package dev.meridian.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.meridian.dynamo.ReadItem;
import dev.meridian.dynamo.TestDynamo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

class JournalIndexTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);

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

    /// Every query finds these items.
    private record Stored(List<Map<String, AttributeValue>> items) implements DynamoDbAsyncClient {
        @Override
        public CompletableFuture<QueryResponse> query(QueryRequest request) {
            return CompletableFuture.completedFuture(
                    QueryResponse.builder().items(items).build());
        }

        @Override
        public String serviceName() {
            return "dynamodb";
        }

        @Override
        public void close() {}
    }

    private static JournalIndexRepository journal(Map<String, AttributeValue> bad, Map<String, AttributeValue> good) {
        return new JournalIndexRepository(TestDynamo.over(new Stored(List.of(bad, good))));
    }

    /// A state of a newer version, or a repair by hand: the others go on.
    @Test
    void anEntryThatCannotBeReadDoesNotStopTheOthers() {
        var good = ReadItem.of(
                "orderId",
                "o-2",
                "acceptedAt",
                "2026-01-01T00:00:00.000Z",
                "state",
                "CONFIRMED",
                "payloadHash",
                "hash");
        var noTime = ReadItem.of("orderId", "o-1", "acceptedAt", "yesterday");
        var open = journal(noTime, good).open(3, Optional.empty(), 10).await().atMost(LIMIT);
        assertEquals(
                List.of("o-2"), open.items().stream().map(OpenEntry::orderId).toList());
        for (var bad : List.of(
                ReadItem.of("orderId", "o-1", "state", "PAUSED", "payloadHash", "hash"),
                ReadItem.of("orderId", "o-1", "state", "CONFIRMED"))) {
            var closed = journal(bad, good)
                    .closed(3, Instant.EPOCH, Instant.now(), Optional.empty(), 10)
                    .await()
                    .atMost(LIMIT);
            assertEquals(
                    List.of("o-2"),
                    closed.items().stream().map(ClosedEntry::orderId).toList());
        }
    }
}
