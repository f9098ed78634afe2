package dev.meridian.dynamoclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.testing.DynamoLocal;
import io.opentelemetry.api.OpenTelemetry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// Each operation of our client on a real store, beside the SDK's client.
@SuppressWarnings("unchecked")
@Tag("dynamodb")
class RealStoreTest {
    private static final String TABLE = "own-client";
    private static final Vertx VERTX = Vertx.vertx();
    private static DynamoLocal store;
    private static DynamoDbAsyncClient theirs;
    private static DynamoDbAsyncClient ours;

    @BeforeAll
    static void start() throws Exception {
        store = new DynamoLocal("own-client").await();
        theirs = store.client();
        theirs.createTable(r -> r.tableName(TABLE)
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .attributeDefinitions(
                                a -> a.attributeName("pk").attributeType("S"),
                                a -> a.attributeName("sk").attributeType("S"))
                        .keySchema(
                                k -> k.attributeName("pk").keyType(KeyType.HASH),
                                k -> k.attributeName("sk").keyType(KeyType.RANGE)))
                .join();
        var limit = Duration.ofSeconds(20);
        ours = new DynamoClient(
                VERTX,
                new ClientSettings(
                        URI.create("http://localhost:" + store.port()), "eu-west-1", 8, 10_000, limit, limit, limit),
                () -> AwsBasicCredentials.create("local", "local"),
                OpenTelemetry.noop().getTracer("test"));
    }

    @AfterAll
    static void stop() {
        ours.close();
        VERTX.close();
        store.close();
    }

    private static AttributeValue s(String text) {
        return AttributeValue.fromS(text);
    }

    private static Map<String, AttributeValue> key(String pk, int sk) {
        return Map.of("pk", s(pk), "sk", s("%03d".formatted(sk)));
    }

    private static Map<String, AttributeValue> item(String pk, int sk) {
        return Map.of("pk", s(pk), "sk", s("%03d".formatted(sk)), "n", AttributeValue.fromN(Integer.toString(sk)));
    }

    private static <T> T failure(Class<T> type, CompletableFuture<?> call) {
        return assertInstanceOf(
                type, assertThrows(CompletionException.class, call::join).getCause());
    }

    private static void fill(String pk, int items) {
        CompletableFuture.allOf(IntStream.range(0, items)
                        .mapToObj(i -> ours.putItem(r -> r.tableName(TABLE).item(item(pk, i))))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    /// By their token: one that was done is answered again and not done twice, one that was cancelled is tried
    /// anew.
    @Test
    void aTransactionKnowsItsRepeats() {
        var counts = key("repeats", 0);
        var needed = key("repeats", 1);
        var transaction = TransactWriteItemsRequest.builder()
                .clientRequestToken(UUID.randomUUID().toString())
                .transactItems(
                        t -> t.update(u -> u.tableName(TABLE)
                                .key(counts)
                                .updateExpression("ADD n :one")
                                .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1")))),
                        t -> t.conditionCheck(
                                c -> c.tableName(TABLE).key(needed).conditionExpression("attribute_exists(pk)")))
                .build();
        failure(TransactionCanceledException.class, ours.transactWriteItems(transaction));
        ours.putItem(r -> r.tableName(TABLE).item(item("repeats", 1))).join();
        for (var i = 0; i < 3; i++) ours.transactWriteItems(transaction).join();
        var counted = ours.getItem(r -> r.tableName(TABLE).key(counts).consistentRead(true))
                .join();
        assertEquals("1", counted.item().get("n").n());
    }

    @Test
    void itemsAreWrittenReadAndDeleted() {
        var item = new HashMap<>(item("items", 0));
        item.put("text", s("é\u0000\uD83D\uDE00\"\\"));
        item.put("bytes", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {0, -1, 127})));
        item.put("sets", AttributeValue.fromM(Map.of("ss", AttributeValue.fromSs(List.of("a", "b")))));
        item.put(
                "list",
                AttributeValue.fromL(List.of(AttributeValue.fromBool(false), AttributeValue.fromNul(true), s(""))));
        item.put("huge", s("x".repeat(300_000)));
        ours.putItem(r -> r.tableName(TABLE).item(item)).join();
        assertEquals(
                item,
                ours.getItem(r -> r.tableName(TABLE).key(key("items", 0)))
                        .join()
                        .item());
        assertEquals(
                item,
                theirs.getItem(r -> r.tableName(TABLE).key(key("items", 0)))
                        .join()
                        .item());
        var deleted = ours.deleteItem(
                        r -> r.tableName(TABLE).key(key("items", 0)).returnValues(ReturnValue.ALL_OLD))
                .join();
        assertEquals(item, deleted.attributes());
        assertFalse(ours.getItem(r -> r.tableName(TABLE).key(key("items", 0)).consistentRead(true))
                .join()
                .hasItem());
    }

    @Test
    void updatesAndTheirConditions() {
        var updated = ours.updateItem(r -> r.tableName(TABLE)
                        .key(key("updates", 0))
                        .updateExpression("ADD n :one")
                        .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1")))
                        .returnValues(ReturnValue.UPDATED_NEW))
                .join();
        assertEquals(Map.of("n", AttributeValue.fromN("1")), updated.attributes());
        var refused = failure(
                ConditionalCheckFailedException.class,
                ours.putItem(r -> r.tableName(TABLE)
                        .item(item("updates", 0))
                        .conditionExpression("attribute_not_exists(pk)")
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)));
        assertEquals(AttributeValue.fromN("1"), refused.item().get("n"));
    }

    @Test
    void queriesAndScansHavePages() {
        fill("pages", 20);
        var query = QueryRequest.builder()
                .tableName(TABLE)
                .keyConditionExpression("pk = :pk")
                .expressionAttributeValues(Map.of(":pk", s("pages")))
                .scanIndexForward(false)
                .limit(7);
        var first = ours.query(query.build()).join();
        assertEquals(7, first.count());
        assertTrue(first.equalsBySdkFields(theirs.query(query.build()).join()));
        var second = ours.query(
                        query.exclusiveStartKey(first.lastEvaluatedKey()).build())
                .join();
        assertEquals(s("012"), second.items().getFirst().get("sk"));
        var scan = ours.scan(r -> r.tableName(TABLE).limit(3)).join();
        assertTrue(scan.equalsBySdkFields(
                theirs.scan(r -> r.tableName(TABLE).limit(3)).join()));
    }

    @Test
    void batches() {
        ours.batchWriteItem(r -> r.requestItems(Map.of(
                        TABLE,
                        IntStream.range(0, 25)
                                .mapToObj(i -> WriteRequest.builder()
                                        .putRequest(put -> put.item(item("batches", i)))
                                        .build())
                                .toList())))
                .join();
        var keys = IntStream.range(0, 25).mapToObj(i -> key("batches", i)).toList();
        var read = ours.batchGetItem(r -> r.requestItems(
                        Map.of(TABLE, KeysAndAttributes.builder().keys(keys).build())))
                .join();
        assertEquals(25, read.responses().get(TABLE).size());
        assertTrue(read.unprocessedKeys().isEmpty());
    }

    @Test
    void transactions() {
        ours.transactWriteItems(r -> r.transactItems(
                        i -> i.put(p -> p.tableName(TABLE).item(item("transactions", 0))),
                        i -> i.update(u -> u.tableName(TABLE)
                                .key(key("transactions", 1))
                                .updateExpression("SET n = :n")
                                .expressionAttributeValues(Map.of(":n", AttributeValue.fromN("7"))))))
                .join();
        var cancelled = failure(
                TransactionCanceledException.class,
                ours.transactWriteItems(r -> r.transactItems(
                        i -> i.delete(d -> d.tableName(TABLE).key(key("transactions", 0))),
                        i -> i.conditionCheck(c -> c.tableName(TABLE)
                                .key(key("transactions", 1))
                                .conditionExpression("n = :n")
                                .expressionAttributeValues(Map.of(":n", AttributeValue.fromN("8")))))));
        assertEquals(
                List.of("None", "ConditionalCheckFailed"),
                cancelled.cancellationReasons().stream()
                        .map(CancellationReason::code)
                        .toList());
        assertTrue(ours.getItem(r -> r.tableName(TABLE).key(key("transactions", 0)))
                .join()
                .hasItem());
    }

    @Test
    void tablesAndErrors() {
        var table = ours.describeTable(r -> r.tableName(TABLE)).join().table();
        assertEquals(TABLE, table.tableName());
        assertEquals(TableStatus.ACTIVE, table.tableStatus());
        failure(ResourceNotFoundException.class, ours.describeTable(r -> r.tableName("none")));
        failure(
                ResourceNotFoundException.class,
                ours.getItem(r -> r.tableName("none").key(key("a", 0))));
        var invalid = failure(
                DynamoDbException.class, ours.getItem(r -> r.tableName(TABLE).key(Map.of("pk", s("a")))));
        assertEquals("ValidationException", invalid.awsErrorDetails().errorCode());
        assertEquals(400, invalid.statusCode());
    }

    /// More at once than there are connections.
    @Test
    void manyCallsAtOnce() {
        fill("many", 200);
        var calls = IntStream.range(0, 2000)
                .mapToObj(i -> ours.getItem(r -> r.tableName(TABLE).key(key("many", i % 200))))
                .toList();
        for (var i = 0; i < calls.size(); i++) {
            assertEquals(
                    AttributeValue.fromN(Integer.toString(i % 200)),
                    calls.get(i).join().item().get("n"));
        }
    }
}
