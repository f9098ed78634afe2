package dev.meridian.lab.cluster;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.lab.SeededDefect;
import dev.meridian.lab.replication.LabTables;
import dev.meridian.lab.replication.NewTables;
import dev.meridian.testing.DynamoLocal;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.ReplicatedWriteConflictException;
import software.amazon.awssdk.services.dynamodb.model.ThrottlingException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// The fronts of two Regions' DynamoDB: what they refuse was not done, and the SDK knows each refusal.
@Tag("jvm")
class DynamoFrontIT {
    private static final Duration ROUND_TRIP = Duration.ofMillis(200);
    private static final int CALLS = 60;
    private static DynamoLocal store;
    private static int keys;

    private final List<String> written = new CopyOnWriteArrayList<>();
    private StrongTables strong;
    private DynamoFront west;
    private DynamoFront east;
    private DynamoDbAsyncClient inWest;
    private DynamoDbAsyncClient inEast;

    @BeforeAll
    static void store() throws Exception {
        store = new DynamoLocal("front").await();
        NewTables.create(store);
    }

    @AfterAll
    static void end() {
        if (store != null) store.close();
    }

    @BeforeEach
    void open() throws IOException {
        strong = new StrongTables(store.port(), LabTables.strong(true), ROUND_TRIP);
        west = front("eu-west-1");
        east = front("us-east-1");
        inWest = client(west);
        inEast = client(east);
    }

    @AfterEach
    void close() {
        inWest.close();
        inEast.close();
        west.close();
        east.close();
        strong.close();
    }

    private DynamoFront front(String region) throws IOException {
        var front = new DynamoFront(region, store.port(), strong, () -> SeededDefect.NOTHING);
        front.tell(written::add);
        return front;
    }

    private static DynamoDbAsyncClient client(DynamoFront front) {
        return DynamoDbAsyncClient.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + front.port()))
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .overrideConfiguration(c -> c.retryStrategy(DynamoLocal.ONLY_CLOSED_CONNECTIONS))
                .httpClient(DynamoLocal.CONNECTIONS)
                .build();
    }

    private static Map<String, AttributeValue> entry() {
        return Map.of("orderId", AttributeValue.fromS("order-" + ++keys));
    }

    private static Map<String, AttributeValue> line(String customer, int product) {
        return Map.of(
                "customerId",
                AttributeValue.fromS(customer),
                "productRegion",
                AttributeValue.fromS("product-" + product));
    }

    private static CompletableFuture<?> add(DynamoDbAsyncClient client, String table, Map<String, AttributeValue> key) {
        return client.updateItem(r -> r.tableName(table)
                .key(key)
                .updateExpression("ADD n :one")
                .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1"))));
    }

    /// How often [#add] was done.
    private static int count(String table, Map<String, AttributeValue> key) {
        var item = store.client()
                .getItem(r -> r.tableName(table).key(key).consistentRead(true))
                .join()
                .item();
        return item.containsKey("n") ? Integer.parseInt(item.get("n").n()) : 0;
    }

    /// The failure of a call; null when it succeeded.
    private static Throwable failure(Supplier<CompletableFuture<?>> call) {
        try {
            call.get().join();
            return null;
        } catch (CompletionException e) {
            return e.getCause();
        }
    }

    private static Set<Class<?>> kinds(Collection<Throwable> failures) {
        return failures.stream().map(Object::getClass).collect(toSet());
    }

    @Test
    void ofTwoRegionsThatWriteOneStrongItemAtOnceOneIsRefusedAndItsRetryWorks() {
        var key = entry();
        var first = add(inWest, LabTables.JOURNAL, key);
        var second = add(inEast, LabTables.JOURNAL, key);
        var failures = new TreeMap<String, Throwable>();
        for (var call : Map.of("west", first, "east", second).entrySet()) {
            var failure = failure(call::getValue);
            if (failure != null) failures.put(call.getKey(), failure);
        }
        assertEquals(Set.of(ReplicatedWriteConflictException.class), kinds(failures.values()));
        assertEquals(1, failures.size());
        assertEquals(
                400, ((ReplicatedWriteConflictException) failures.firstEntry().getValue()).statusCode());
        assertEquals(1, count(LabTables.JOURNAL, key));
        assertEquals(List.of(LabTables.JOURNAL), written);
        add(failures.containsKey("west") ? inWest : inEast, LabTables.JOURNAL, key)
                .join();
        assertEquals(2, count(LabTables.JOURNAL, key));
        assertEquals(new Refused(0, 1, 0), strong.count());
    }

    @Test
    void oneRegionOrOtherItemsOrOtherTablesHaveNoConflict() {
        var key = entry();
        var carts = line("somebody", 1);
        CompletableFuture.allOf(
                        add(inWest, LabTables.JOURNAL, key),
                        add(inWest, LabTables.JOURNAL, key),
                        add(inEast, LabTables.JOURNAL, entry()),
                        add(inWest, LabTables.CARTS, carts),
                        add(inEast, LabTables.CARTS, carts),
                        inEast.getItem(
                                r -> r.tableName(LabTables.JOURNAL).key(key).consistentRead(true)))
                .join();
        assertEquals(2, count(LabTables.JOURNAL, key));
        assertEquals(2, count(LabTables.CARTS, carts));
        assertEquals(new Refused(0, 0, 0), strong.count());
    }

    @Test
    void aPartOfTheCallsIsThrottledAndNotDone() {
        west.refusals().begin(Refusals.Kind.THROTTLE);
        var key = line("throttled", 1);
        var failures = new ArrayList<Throwable>();
        for (int i = 0; i < CALLS; i++) {
            var failure = failure(() -> add(inWest, LabTables.CARTS, key));
            if (failure != null) failures.add(failure);
            failure = failure(
                    () -> inWest.getItem(r -> r.tableName(LabTables.CARTS).key(key)));
            if (failure != null) failures.add(failure);
        }
        assertEquals(Set.of(ProvisionedThroughputExceededException.class, ThrottlingException.class), kinds(failures));
        assertEquals(new Refused(failures.size(), 0, 0), west.refusals().count());
        assertEquals(written.size(), count(LabTables.CARTS, key));
        assertTrue(written.size() < CALLS, "no write was throttled");
        west.refusals().end();
        add(inWest, LabTables.CARTS, key).join();
    }

    @Test
    void aThrottledBatchComesBackInPart() {
        west.refusals().begin(Refusals.Kind.THROTTLE);
        var table = LabTables.CARTS;
        var puts = IntStream.range(0, 5)
                .mapToObj(i -> WriteRequest.builder()
                        .putRequest(p -> p.item(line("batch", i)))
                        .build())
                .toList();
        Map<String, List<WriteRequest>> left = Map.of();
        while (left.isEmpty())
            left = inWest.batchWriteItem(r -> r.requestItems(Map.of(table, puts)))
                    .join()
                    .unprocessedItems();
        assertTrue(left.get(table).size() < puts.size() && puts.containsAll(left.get(table)), left::toString);
        var one = puts.subList(0, 1);
        Throwable refused = null;
        while (refused == null) refused = failure(() -> inWest.batchWriteItem(r -> r.requestItems(Map.of(table, one))));
        assertTrue(
                refused instanceof ProvisionedThroughputExceededException || refused instanceof ThrottlingException,
                refused::toString);

        var wanted = KeysAndAttributes.builder()
                .keys(IntStream.range(0, 5).mapToObj(i -> line("batch", i)).toList())
                .consistentRead(true)
                .build();
        Map<String, KeysAndAttributes> more = Map.of();
        var found = new ArrayList<Map<String, AttributeValue>>();
        while (more.isEmpty()) {
            var answer = inWest.batchGetItem(r -> r.requestItems(Map.of(table, wanted)))
                    .join();
            more = answer.unprocessedKeys();
            found.clear();
            found.addAll(answer.responses().get(table));
        }
        assertEquals(true, more.get(table).consistentRead());
        found.addAll(more.get(table).keys());
        assertEquals(Set.copyOf(wanted.keys()), Set.copyOf(found));
        assertEquals(wanted.keys().size(), found.size());
    }

    @Test
    void aPartOfTheWritesConflictsAndIsNotDone() {
        west.refusals().begin(Refusals.Kind.CONFLICT);
        var key = line("conflicting", 1);
        var failures = new ArrayList<Throwable>();
        for (int i = 0; i < CALLS; i++) {
            var failure = failure(() -> add(inWest, LabTables.CARTS, key));
            if (failure != null) failures.add(failure);
            inWest.getItem(r -> r.tableName(LabTables.CARTS).key(key)).join();
        }
        assertEquals(
                Set.of(ReplicatedWriteConflictException.class, TransactionConflictException.class), kinds(failures));
        assertEquals(new Refused(0, failures.size(), 0), west.refusals().count());
        assertEquals(CALLS - failures.size(), count(LabTables.CARTS, key));
        assertEquals(CALLS - failures.size(), written.size());
    }

    @Test
    void aTransactionIsCanceledOnlyByTheConflict() {
        west.refusals().begin(Refusals.Kind.CONFLICT);
        var both = IntStream.range(0, 2)
                .mapToObj(i -> TransactWriteItem.builder()
                        .put(p -> p.tableName(LabTables.CARTS).item(line("canceled", i)))
                        .build())
                .toList();
        Throwable failure = null;
        int done = -1;
        for (; failure == null; done++) failure = failure(() -> inWest.transactWriteItems(r -> r.transactItems(both)));
        var canceled = assertInstanceOf(TransactionCanceledException.class, failure);
        assertEquals(
                List.of("TransactionConflict", "None"),
                canceled.cancellationReasons().stream()
                        .map(reason -> reason.code())
                        .toList());
        assertEquals(done, written.size());
    }

    /// The client gets no answer, and the write is there.
    @Test
    void aCallWhoseAnswerIsLostIsDone() {
        west.refusals().begin(Refusals.Kind.LOSE_ANSWER);
        var key = line("no answer", 1);
        int calls = 0;
        int lost = 0;
        for (; lost == 0 && calls < 1000; calls++) {
            try {
                add(inWest, LabTables.CARTS, key).orTimeout(1, TimeUnit.SECONDS).join();
            } catch (CompletionException e) {
                assertInstanceOf(TimeoutException.class, e.getCause());
                lost++;
            }
        }
        assertEquals(1, lost);
        assertEquals(calls, count(LabTables.CARTS, key));
        assertEquals(new Refused(0, 0, 1), west.refusals().count());
    }
}
