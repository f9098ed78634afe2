package dev.meridian.lab.replication;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.lab.SeededDefect;
import dev.meridian.testing.DynamoLocal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/// The replicator between two processes of a local DynamoDB.
@Tag("jvm")
class ReplicatorIT {
    private static final String WEST = "eu-west-1";
    private static final String EAST = "us-east-1";
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration LAG = Duration.ofMillis(200);

    private static final Map<String, DynamoLocal> STORES = new LinkedHashMap<>();
    private static int tables;

    private final List<String> events = new ArrayList<>();
    private String table;
    private Replicator replicator;

    @BeforeAll
    static void stores() throws Exception {
        STORES.put(WEST, new DynamoLocal("west"));
        STORES.put(EAST, new DynamoLocal("east"));
        for (var store : STORES.values()) store.await();
    }

    @AfterAll
    static void end() {
        STORES.values().forEach(DynamoLocal::close);
    }

    @AfterEach
    void stop() {
        replicator.close();
        assertEquals(List.of(), events);
    }

    private void start(Duration lag, SeededDefect defect) {
        table = "table-" + ++tables;
        for (var store : STORES.values()) {
            store.client()
                    .createTable(r -> r.tableName(table)
                            .billingMode(BillingMode.PAY_PER_REQUEST)
                            .keySchema(part("p", KeyType.HASH), part("s", KeyType.RANGE))
                            .attributeDefinitions(text("p"), text("s"))
                            .streamSpecification(
                                    s -> s.streamEnabled(true).streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)))
                    .join();
        }
        replicator = new Replicator(STORES, List.of(table), lag, Duration.ofMillis(20), () -> defect, events::add);
    }

    private static KeySchemaElement part(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    private static AttributeDefinition text(String name) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(ScalarAttributeType.S)
                .build();
    }

    private static Map<String, AttributeValue> key(String id) {
        return Map.of("p", AttributeValue.fromS(id), "s", AttributeValue.fromS("1"));
    }

    private void put(String region, String id, String value) {
        STORES.get(region)
                .client()
                .putItem(r -> r.tableName(table)
                        .item(Map.of(
                                "p",
                                AttributeValue.fromS(id),
                                "s",
                                AttributeValue.fromS("1"),
                                "v",
                                AttributeValue.fromS(value),
                                "set",
                                AttributeValue.fromSs(List.of(value, "b", "a")))))
                .join();
        replicator.observe(region, table);
    }

    private void add(String region, String id) {
        STORES.get(region)
                .client()
                .updateItem(r -> r.tableName(table)
                        .key(key(id))
                        .updateExpression("ADD n :one")
                        .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1"))))
                .join();
    }

    private void delete(String region, String id) {
        STORES.get(region)
                .client()
                .deleteItem(r -> r.tableName(table).key(key(id)))
                .join();
        replicator.observe(region, table);
    }

    private Map<String, AttributeValue> item(String region, String id) {
        var item = STORES.get(region)
                .client()
                .getItem(r -> r.tableName(table).key(key(id)).consistentRead(true))
                .join();
        return item.hasItem() ? ItemImages.normal(item.item()) : null;
    }

    private String value(String region, String id) {
        var item = item(region, id);
        return item == null ? null : item.get("v").s();
    }

    private void converge() {
        await().atMost(SOON).until(replicator::isIdle);
    }

    @Test
    void aWriteIsCopiedAfterTheLagAndNotBackAgain() {
        start(LAG, SeededDefect.NOTHING);
        put(WEST, "a", "1");
        assertNull(value(EAST, "a"));
        assertTrue(replicator.age().compareTo(Duration.ZERO) > 0);
        converge();
        assertEquals("1", value(EAST, "a"));
        // Would it come back, it would overwrite this.
        put(WEST, "a", "2");
        converge();
        assertEquals("2", value(WEST, "a"));
        assertEquals(item(WEST, "a"), item(EAST, "a"));
        assertEquals(Duration.ZERO, replicator.age());
    }

    @Test
    void ofTwoWritesOfOneItemTheLaterStandsInBothRegions() {
        start(LAG, SeededDefect.NOTHING);
        put(WEST, "a", "earlier");
        put(EAST, "a", "later");
        put(EAST, "b", "earlier");
        put(WEST, "b", "later");
        converge();
        for (var region : List.of(WEST, EAST)) {
            assertEquals("later", value(region, "a"));
            assertEquals("later", value(region, "b"));
        }
    }

    @Test
    void aDeletionIsAWriteLikeAnyOther() {
        start(LAG, SeededDefect.NOTHING);
        put(WEST, "a", "1");
        put(WEST, "b", "1");
        converge();
        delete(EAST, "a");
        delete(WEST, "b");
        put(EAST, "b", "after the deletion");
        converge();
        for (var region : List.of(WEST, EAST)) {
            assertNull(item(region, "a"));
            assertEquals("after the deletion", value(region, "b"));
        }
        put(WEST, "a", "new");
        converge();
        assertEquals("new", value(EAST, "a"));
    }

    @Test
    void whatWasWrittenWhileFrozenIsCopiedLaterByItsOwnTime() {
        start(Duration.ZERO, SeededDefect.NOTHING);
        replicator.freeze(WEST);
        put(WEST, "a", "frozen and earlier");
        put(WEST, "b", "frozen and only");
        put(EAST, "a", "later");
        await().atMost(SOON).until(() -> "later".equals(value(WEST, "a")));
        assertNull(value(EAST, "b"));
        assertTrue(!replicator.isIdle());
        replicator.thaw(WEST);
        converge();
        assertEquals("later", value(EAST, "a"));
        assertEquals("frozen and only", value(EAST, "b"));
    }

    /// Items that were written together, one after the other, arrive apart and not in that sequence.
    @Test
    void scatteredItemsArriveEachInItsOwnTime() {
        start(Duration.ZERO, SeededDefect.NOTHING);
        replicator.scatter(WEST, Duration.ofSeconds(20));
        int count = 40;
        for (int i = 0; i < count; i++) put(WEST, "a" + i, "first");
        put(EAST, "b", "at once");
        await().atMost(SOON).until(() -> "at once".equals(value(WEST, "b")));
        await().atMost(SOON).until(() -> arrived(count).size() >= count / 4);
        var early = arrived(count);
        assertTrue(early.size() < count, early::toString);
        int last = early.getLast();
        assertTrue(last >= early.size(), () -> "the first ones arrived first: " + early);
        put(WEST, "a" + last, "second");
        replicator.thaw(WEST);
        converge();
        assertEquals(count, arrived(count).size());
        assertEquals("second", value(EAST, "a" + last));
    }

    private List<Integer> arrived(int count) {
        return IntStream.range(0, count)
                .filter(i -> item(EAST, "a" + i) != null)
                .boxed()
                .toList();
    }

    @Test
    void aWriteThatChangesNothingCountsByItsTime() {
        start(LAG, SeededDefect.NOTHING);
        put(WEST, "a", "same");
        put(EAST, "a", "same");
        converge();
        put(WEST, "a", "other");
        converge();
        assertEquals("other", value(EAST, "a"));
        assertEquals("other", value(WEST, "a"));
    }

    @Test
    void manyWritersOfTheSameItemsEndEqualAndCountersOfOneRegionAreExact() throws Exception {
        start(Duration.ofMillis(5), SeededDefect.NOTHING);
        int each = 150;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var region : List.of(WEST, EAST)) {
                for (int writer = 0; writer < 3; writer++) {
                    var random = new Random(writer + region.hashCode());
                    int number = writer;
                    threads.submit(() -> {
                        for (int i = 0; i < each; i++) {
                            add(region, region);
                            var id = "hot" + random.nextInt(3);
                            if (random.nextInt(5) == 0) delete(region, id);
                            else put(region, id, number + "-" + i);
                        }
                        return null;
                    });
                }
            }
        }
        converge();
        for (var id : List.of("hot0", "hot1", "hot2", WEST, EAST)) assertEquals(item(WEST, id), item(EAST, id), id);
        assertEquals(Integer.toString(3 * each), item(WEST, EAST).get("n").n());
        assertEquals(Integer.toString(3 * each), item(EAST, WEST).get("n").n());
    }

    @Test
    void withoutLastWriterWinsRegionsStayDifferent() {
        start(LAG, SeededDefect.NO_LAST_WRITER_WINS);
        put(WEST, "a", "west");
        put(EAST, "a", "east");
        converge();
        assertEquals("east", value(WEST, "a"));
        assertEquals("west", value(EAST, "a"));
    }
}
