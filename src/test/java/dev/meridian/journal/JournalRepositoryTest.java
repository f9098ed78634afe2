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
    private static JournalStateRepository states;
    private static JournalReportRepository report;

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
        var dynamo = TestDynamo.over(client);
        journal = new JournalRepository(dynamo, () -> 8, () -> "eu-west-1");
        states = new JournalStateRepository(dynamo, journal, () -> "eu-west-1");
        report = new JournalReportRepository(dynamo, journal, states, () -> "eu-west-1");
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
                null,
                List.of());
    }

    private static <T> T now(Uni<T> uni) {
        return uni.await().atMost(Duration.ofSeconds(30));
    }

    @Test
    void aClosedEntryBecomesWhatSqlHasIfItIsStillAsItWasSeen() {
        var id = UUID.randomUUID().toString();
        assertTrue(now(journal.accept(entry(id, State.ACCEPTED, "first"))).isNew());
        assertTrue(now(states.close(entry(id, State.CONFIRMED, "first"), Instant.now(), false)));
        assertFalse(
                now(report.replaceWithSql(State.CANCELLED, entry(id, State.REJECTED, "second"), "differs")),
                "the entry was confirmed, not cancelled");
        assertEquals("first", now(journal.find(id)).orElseThrow().payloadHash());

        var fromSql = entry(id, State.REJECTED, "second");
        assertTrue(now(report.replaceWithSql(State.CONFIRMED, fromSql, "SQL has another order.")));
        var stored = now(journal.find(id)).orElseThrow();
        assertEquals(State.REJECTED, stored.state());
        assertEquals("second", stored.payloadHash());
        assertEquals(fromSql.payload(), stored.payload());
        assertEquals("No stock.", stored.reason());
        assertEquals("SQL has another order.", stored.missing().note());
        assertTrue(stored.missing().confirmedAt() != null, "the time of the confirmation stays");

        // Once more, as a second process would: the state that it saw is gone.
        assertFalse(now(report.replaceWithSql(State.CONFIRMED, fromSql, "SQL has another order.")));
    }

    @Test
    void anEntryThatIsToBeCancelledIsNotClosedAsConfirmed() {
        var id = UUID.randomUUID().toString();
        var requests = new CancelRequestRepository(TestDynamo.over(client), journal, () -> "eu-west-1");
        assertTrue(now(states.requestCancel(id)).isEmpty(), "there is no entry to mark");
        var entry = now(journal.accept(entry(id, State.ACCEPTED, "first"))).entry();
        now(requests.put(entry));
        var marked = now(states.requestCancel(id)).orElseThrow();
        assertTrue(marked.isOpen());
        assertEquals(
                marked.cancelRequestedAt(),
                now(states.requestCancel(id)).orElseThrow().cancelRequestedAt(),
                "the first time stays");
        assertFalse(now(states.close(entry(marked, State.CONFIRMED), Instant.now(), false)));
        assertTrue(now(journal.find(id)).orElseThrow().isOpen());

        // The settler finds the request by the id that the index of open entries has.
        var request = now(journal.find("#cancel/" + id)).orElseThrow();
        assertEquals(id, request.orderId());
        assertTrue(request.isOpen() && request.cancelRequestedAt() != null);
        assertEquals(entry.payload(), request.payload());
        assertFalse(journalItem("#cancel/" + id).containsKey("openCustomerId"), "lists have the order once");

        assertTrue(now(states.close(entry(marked, State.REJECTED), Instant.now(), false)));
        assertEquals(State.REJECTED, now(states.requestCancel(id)).orElseThrow().state(), "it is closed");
        now(requests.delete(id));
        now(requests.delete(id));
        assertTrue(now(journal.find("#cancel/" + id)).isEmpty());
    }

    private static JournalEntry entry(JournalEntry entry, State state) {
        return new JournalEntry(
                entry.orderId(),
                entry.customerId(),
                entry.idempotencyKey(),
                entry.payloadHash(),
                state,
                null,
                entry.acceptedAt(),
                entry.region(),
                entry.payload(),
                null,
                List.of());
    }

    /// What a cancellation opens keeps when and where it was confirmed first.
    @Test
    void anEntryThatIsOpenedAgainKeepsItsConfirmation() {
        var id = UUID.randomUUID().toString();
        var entry = now(journal.accept(entry(id, State.ACCEPTED, "first"))).entry();
        Instant first = null;
        for (int round = 0; round < 2; round++) {
            assertTrue(now(
                    states.close(entry(entry, State.CONFIRMED), Instant.now().plusSeconds(1), false)));
            var confirmed = now(journal.find(id)).orElseThrow();
            if (first == null) first = confirmed.confirmedAt();
            now(states.reopen(id));
            var open = now(journal.find(id)).orElseThrow();
            assertTrue(open.isOpen());
            assertEquals(first, open.confirmedAt(), "round " + round);
            assertEquals(
                    List.of(
                            new JournalEvent(JournalEvent.Kind.ACCEPTED, entry.acceptedAt(), "eu-west-1"),
                            new JournalEvent(JournalEvent.Kind.CONFIRMED, first, "eu-west-1")),
                    open.events());
        }
        assertTrue(now(report.markLost(id, "first", first)));
        assertFalse(now(report.markLost(id, "first", first)), "it is in the report already");
        var lost = now(journal.find(id)).orElseThrow();
        assertEquals(first, lost.missing().confirmedAt());
        assertTrue(now(states.close(entry(entry, State.CONFIRMED), Instant.now(), true)));
        assertEquals(
                List.of("ACCEPTED", "CONFIRMED", "LOST", "REPLAYED"),
                now(journal.find(id)).orElseThrow().events().stream()
                        .map(event -> event.kind().name())
                        .toList());
        // An entry of a version that did not write the Region.
        var older = new HashMap<>(journalItem(id));
        older.keySet().removeAll(List.of("closedIn", "confirmedAt", "confirmedIn"));
        client.putItem(r -> r.tableName(TABLE).item(older)).join();
        now(states.reopen(id));
        assertEquals("", journalItem(id).get("confirmedIn").s());
    }

    /// The entry as it was made here, and one that another Region made of the same request.
    @Test
    void anEntryIsClosedAndReportedInOneWrite() {
        for (var isOwn : List.of(true, false)) {
            var id = UUID.randomUUID().toString();
            var accepted = entry(id, State.ACCEPTED, "first");
            now(journal.accept(accepted));
            var end = new JournalEntry(
                    id,
                    "ada",
                    "key-" + id,
                    "first",
                    State.REJECTED,
                    "No stock.",
                    isOwn ? accepted.acceptedAt() : accepted.acceptedAt().plusSeconds(1),
                    "eu-west-1",
                    accepted.payload(),
                    null,
                    List.of());
            assertTrue(now(report.closeAndReport(end, Instant.now(), "In doubt.")));
            var stored = now(journal.find(id)).orElseThrow();
            assertEquals(State.REJECTED, stored.state());
            assertEquals("No stock.", stored.reason());
            assertEquals("In doubt.", stored.missing().note());
            assertEquals(null, stored.missing().confirmedAt());
            var item = journalItem(id);
            assertTrue(item.get("recoveryKey").s().endsWith("#" + id), item::toString);
            assertTrue(item.containsKey("recoveryShard") && item.containsKey("closedShard"), item::toString);
            assertFalse(item.containsKey("openShard"), item::toString);
            assertFalse(now(report.closeAndReport(end, Instant.now(), "Again.")), "it is closed");
            assertEquals(item, journalItem(id));
        }
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
                () -> states.reopen(id))) {
            assertTrue(NewerFormat.is(assertThrows(ProblemException.class, () -> now(call.get()))));
        }
        assertFalse(now(states.close(entry(id, State.CONFIRMED, "first"), Instant.now(), false)));
        assertFalse(now(report.markMissing(id, "first")));
        for (var state : State.values()) {
            assertFalse(now(report.replaceWithSql(state, entry(id, State.REJECTED, "first"), "differs")));
            now(states.overwrite(entry(id, state, "first")));
        }
        assertEquals(before, journalItem(id));
        // As before, a cancelled one replaces every state that is known.
        for (var state : State.values()) {
            put(id, state.name());
            now(states.overwrite(entry(id, State.CANCELLED, "first")));
            assertEquals("CANCELLED", journalItem(id).get("state").s());
        }
    }
}
