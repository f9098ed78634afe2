package dev.meridian.dynamo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.shared.Ids;
import dev.meridian.shared.Page;
import dev.meridian.testing.Race;
import dev.meridian.testing.StoresResource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// Pages over thousands of items in eight shards of a real store, with items added meanwhile.
@Tag("dynamodb")
class ShardedIndexTest {
    private static final StoresResource STORES = new StoresResource();
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String TABLE = "meridian-tickets";
    private static final int BATCH = 25;
    private static DynamoDbAsyncClient client;
    private static Dynamo dynamo;

    @BeforeAll
    static void start() {
        STORES.start();
        client = StoresResource.dynamo();
        dynamo = TestDynamo.patient(client);
    }

    @BeforeEach
    void anEmptyTable() {
        if (client.listTables().join().tableNames().contains(TABLE)) {
            client.deleteTable(r -> r.tableName(TABLE)).join();
        }
        client.createTable(DynamoSchema.request(DynamoTable.TICKETS, TABLE)).join();
    }

    @AfterAll
    static void end() {
        if (client != null) client.close();
        STORES.stop();
    }

    private static ShardedIndex list() {
        return new ShardedIndex(dynamo, DynamoTable.TICKETS, "ListIndex", "ticket-list");
    }

    /// An item; its sort key begins with the second.
    private static Map<String, AttributeValue> item(String id, int second, int length) {
        return ReadItem.of(
                "id", id,
                "listShard", ShardedIndex.shard(id).s(),
                "createdAt", "%05d#%s".formatted(second, id),
                "description", "x".repeat(length));
    }

    private static List<String> put(List<Map<String, AttributeValue>> items) throws InterruptedException {
        Race.run(8, (items.size() + BATCH - 1) / BATCH, i -> () -> {
            var writes = items.subList(i * BATCH, Math.min(items.size(), (i + 1) * BATCH)).stream()
                    .map(item -> WriteRequest.builder()
                            .putRequest(put -> put.item(item))
                            .build())
                    .toList();
            var answer = client.batchWriteItem(r -> r.requestItems(Map.of(TABLE, writes)))
                    .join();
            assertTrue(answer.unprocessedItems().isEmpty());
            return answer;
        });
        return items.stream().map(item -> item.get("createdAt").s()).toList();
    }

    private static Page<Map<String, AttributeValue>> page(int limit, Optional<String> below) {
        return list().page(limit, below).await().atMost(LIMIT);
    }

    /// All pages.
    ///
    /// @param look is shown each page
    private static List<String> walk(int limit, Function<List<String>, List<String>> look) {
        var keys = new ArrayList<String>();
        var next = Optional.<String>empty();
        do {
            var page = page(limit, next);
            assertTrue(page.items().size() <= limit);
            keys.addAll(look.apply(
                    page.items().stream().map(item -> item.get("createdAt").s()).toList()));
            assertTrue(page.next().isEmpty() || !page.next().equals(next), "no progress");
            next = page.next();
        } while (next.isPresent());
        return keys;
    }

    private static List<String> newestFirst(List<String> keys) {
        return keys.stream().sorted(Comparator.reverseOrder()).toList();
    }

    private static List<Map<String, AttributeValue>> many(int count, int seconds) {
        return IntStream.range(0, count)
                .mapToObj(i -> item(Ids.ulid(), i % seconds, 20))
                .toList();
    }

    @Test
    void pagesOfAnySizeHaveEveryItemOnceInOrder() throws Exception {
        var expected = newestFirst(put(many(2500, 100)));
        assertEquals(
                IntStream.range(0, ShardedIndex.SHARDS).boxed().toList(),
                expected.stream()
                        .map(key -> ShardedIndex.shard(key.substring(6)).s())
                        .map(Integer::valueOf)
                        .distinct()
                        .sorted()
                        .toList());
        for (int limit : List.of(40, 100, 999, 1000)) {
            var sizes = new ArrayList<Integer>();
            assertEquals(expected, walk(limit, keys -> {
                sizes.add(keys.size());
                return keys;
            }));
            assertTrue(sizes.subList(0, sizes.size() - 2).stream().allMatch(size -> size == limit), sizes::toString);
        }
        var first = page(1, Optional.empty());
        assertEquals(
                expected.getFirst(), first.items().getFirst().get("createdAt").s());
        assertEquals(Optional.of(expected.getFirst()), first.next());
    }

    @Test
    void itemsThatAreAddedMeanwhileNeitherRepeatNorHideOthers() throws Exception {
        var seed = new Random().nextLong();
        System.out.println("items are added with seed " + seed);
        var random = new Random(seed);
        var before = put(many(2000, 50));
        var added = Collections.synchronizedList(new ArrayList<String>());
        var isOver = new AtomicBoolean();
        var writer = Thread.ofVirtual().start(() -> {
            while (!isOver.get()) {
                var item = item(Ids.ulid(), random.nextInt(100), 20);
                client.putItem(r -> r.tableName(TABLE).item(item)).join();
                added.add(item.get("createdAt").s());
            }
        });
        try {
            for (int round = 0; round < 2; round++) {
                var known = Set.copyOf(Stream.concat(before.stream(), List.copyOf(added).stream())
                        .toList());
                var seen = walk(100, keys -> keys);
                assertEquals(newestFirst(seen), seen);
                assertEquals(seen.size(), new HashSet<>(seen).size(), "an item came twice");
                assertTrue(new HashSet<>(seen).containsAll(known), "an item is missing");
            }
        } finally {
            isOver.set(true);
            writer.join();
        }
        System.out.println("items added meanwhile: " + added.size());
        assertTrue(added.size() > 10);
    }

    /// As no hash makes it: pages are shorter then, and still complete.
    @Test
    void itemsOfOneShardAreReadInTurn() throws Exception {
        var ids = Stream.generate(Ids::ulid)
                .filter(id -> ShardedIndex.shard(id).s().equals("3"))
                .limit(700)
                .toList();
        var expected = newestFirst(put(IntStream.range(0, ids.size())
                .mapToObj(i -> item(ids.get(i), i % 9, 20))
                .toList()));
        var sizes = new ArrayList<Integer>();
        assertEquals(expected, walk(1000, keys -> {
            sizes.add(keys.size());
            return keys;
        }));
        System.out.println("pages of one shard: " + sizes);
        assertTrue(sizes.size() <= 5, sizes::toString);
    }

    @Test
    void pagesOfLongItemsAreShorter() throws Exception {
        var expected = newestFirst(put(IntStream.range(0, 600)
                .mapToObj(i -> item(Ids.ulid(), i % 9, 8000))
                .toList()));
        var sizes = new ArrayList<Integer>();
        assertEquals(expected, walk(1000, keys -> {
            sizes.add(keys.size());
            return keys;
        }));
        System.out.println("pages of long items: " + sizes);
        assertTrue(sizes.size() > 1 && sizes.getFirst() < 420, sizes::toString);
    }
}
