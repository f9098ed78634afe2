package dev.meridian.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.dynamo.DynamoTable;
import dev.meridian.dynamo.TestDynamo;
import dev.meridian.journal.JournalEntry.Payload;
import dev.meridian.journal.JournalEntry.State;
import dev.meridian.shared.NewerFormat;
import dev.meridian.shared.ProblemException;
import dev.meridian.testing.StoresResource;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/// What a comparison with a new SQL writer writes over an entry, on a real store.
@Tag("dynamodb")
class JournalRepositoryTest {
    private static final StoresResource STORES = new StoresResource();
    private static final String TABLE = "meridian-" + DynamoTable.ORDER_JOURNAL.baseName();
    private static DynamoDbAsyncClient client;
    private static JournalRepository journal;

    @BeforeAll
    static void createTheTable() {
        STORES.start();
        client = StoresResource.dynamo();
        var key = KeySchemaElement.builder()
                .attributeName("orderId")
                .keyType(KeyType.HASH)
                .build();
        var attribute = AttributeDefinition.builder()
                .attributeName("orderId")
                .attributeType(ScalarAttributeType.S)
                .build();
        client.createTable(r -> r.tableName(TABLE)
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .keySchema(key)
                        .attributeDefinitions(attribute))
                .join();
        journal = new JournalRepository(TestDynamo.over(client), () -> 8);
    }

    @AfterAll
    static void end() {
        if (client != null) client.close();
        STORES.stop();
    }

    private static JournalEntry entry(String id, State state, String hash) {
        return new JournalEntry(
                id,
                "ada",
                "key-" + id,
                hash,
                state,
                state == State.REJECTED ? "No stock." : null,
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                "eu-west-1",
                new Payload(1, "{\"hash\":\"" + hash + "\"}"),
                null);
    }

    private static <T> T now(Uni<T> uni) {
        return uni.await().atMost(Duration.ofSeconds(30));
    }

    @Test
    void aClosedEntryBecomesWhatSqlHasIfItIsStillAsItWasSeen() {
        var id = UUID.randomUUID().toString();
        assertTrue(now(journal.accept(entry(id, State.ACCEPTED, "first"))).isNew());
        assertTrue(now(journal.close(entry(id, State.CONFIRMED, "first"), Instant.now())));
        assertFalse(
                now(journal.replaceWithSql(State.CANCELLED, entry(id, State.REJECTED, "second"), "differs")),
                "the entry was confirmed, not cancelled");
        assertEquals("first", now(journal.find(id)).orElseThrow().payloadHash());

        var fromSql = entry(id, State.REJECTED, "second");
        assertTrue(now(journal.replaceWithSql(State.CONFIRMED, fromSql, "SQL has another order.")));
        var stored = now(journal.find(id)).orElseThrow();
        assertEquals(State.REJECTED, stored.state());
        assertEquals("second", stored.payloadHash());
        assertEquals(fromSql.payload(), stored.payload());
        assertEquals("No stock.", stored.reason());
        assertEquals("SQL has another order.", stored.missing().note());
        assertTrue(stored.missing().confirmedAt() != null, "the time of the confirmation stays");

        // Once more, as a second process would: the state that it saw is gone.
        assertFalse(now(journal.replaceWithSql(State.CONFIRMED, fromSql, "SQL has another order.")));
    }

    private static void put(String id, String state) {
        var item = new HashMap<>(journalItem(id));
        item.put("state", AttributeValue.fromS(state));
        client.putItem(r -> r.tableName(TABLE).item(item)).join();
    }

    private static Map<String, AttributeValue> journalItem(String id) {
        return client.getItem(r -> r.tableName(TABLE)
                        .key(Map.of("orderId", AttributeValue.fromS(id)))
                        .consistentRead(true))
                .join()
                .item();
    }

    /// Whatever this version wants to do with an order, an entry whose state only the next version knows stays.
    @Test
    void anEntryOfANewerVersionIsNeitherReadNorChanged() {
        var id = UUID.randomUUID().toString();
        now(journal.accept(entry(id, State.ACCEPTED, "first")));
        put(id, "RETURNED");
        var before = journalItem(id);
        for (var call : List.<Supplier<Uni<?>>>of(
                () -> journal.find(id),
                () -> journal.accept(entry(id, State.ACCEPTED, "first")),
                () -> journal.reopen(id))) {
            assertTrue(NewerFormat.is(assertThrows(ProblemException.class, () -> now(call.get()))));
        }
        assertFalse(now(journal.close(entry(id, State.CONFIRMED, "first"), Instant.now())));
        assertFalse(now(journal.markMissing(id, "first")));
        for (var state : State.values()) {
            assertFalse(now(journal.replaceWithSql(state, entry(id, State.REJECTED, "first"), "differs")));
            now(journal.overwrite(entry(id, state, "first")));
        }
        assertEquals(before, journalItem(id));
        // As before, a cancelled one replaces every state that is known.
        for (var state : State.values()) {
            put(id, state.name());
            now(journal.overwrite(entry(id, State.CANCELLED, "first")));
            assertEquals("CANCELLED", journalItem(id).get("state").s());
        }
    }
}
