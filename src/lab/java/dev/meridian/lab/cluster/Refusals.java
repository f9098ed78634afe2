package dev.meridian.lab.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/// Refuses a part of the calls of a Region's DynamoDB, before they reach the store: it throttles calls, and has
/// writes conflict. A refused call is not done. Or it loses answers: such a call is done, and times out.
final class Refusals {
    enum Kind {
        THROTTLE,
        CONFLICT,
        LOSE_ANSWER
    }

    /// The store behind it.
    interface Store {
        Message exchange(Message request) throws IOException;
    }

    private static final int PERCENT = 30;
    /// Fewer, since each takes a caller the whole time of a call.
    private static final int PERCENT_LOST = 10;
    /// Longer than any caller waits for one call.
    private static final Duration LOST = Duration.ofSeconds(3);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> CALLS = Set.of(
            "GetItem",
            "PutItem",
            "UpdateItem",
            "DeleteItem",
            "Query",
            "Scan",
            "BatchGetItem",
            "BatchWriteItem",
            "TransactWriteItems");

    private final Random random;
    private final LongAdder throttled = new LongAdder();
    private final LongAdder conflicts = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private volatile Set<Kind> kinds = Set.of();

    /// @param seed of the choice of the calls
    Refusals(long seed) {
        random = new Random(seed);
    }

    /// Refuses calls of this kind too, until [#end].
    synchronized void begin(Kind kind) {
        var more = EnumSet.of(kind);
        more.addAll(kinds);
        kinds = more;
    }

    synchronized void end() {
        kinds = Set.of();
    }

    boolean has(Kind kind) {
        return kinds.contains(kind);
    }

    Refused count() {
        return new Refused(throttled.sum(), conflicts.sum(), lost.sum());
    }

    /// The answer of the store, or a refusal.
    ///
    /// @throws IOException also when the answer is lost, after a time
    Message answer(String operation, Message request, Store store) throws IOException {
        if (has(Kind.LOSE_ANSWER) && CALLS.contains(operation) && isChosen(PERCENT_LOST)) {
            lost.increment();
            store.exchange(request);
            pause();
            throw new IOException("the answer is lost");
        }
        if (has(Kind.THROTTLE) && CALLS.contains(operation) && isChosen(PERCENT)) {
            throttled.increment();
            return throttle(operation, request, store);
        }
        if (has(Kind.CONFLICT) && DynamoFront.WRITES.contains(operation) && isChosen(PERCENT)) {
            conflicts.increment();
            return conflict(operation, request);
        }
        return store.exchange(request);
    }

    private boolean isChosen(int percent) {
        return random.nextInt(100) < percent;
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(LOST);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private Message throttle(String operation, Message request, Store store) throws IOException {
        return switch (operation) {
            case "BatchGetItem" -> half(request, store, "UnprocessedKeys");
            case "BatchWriteItem" -> half(request, store, "UnprocessedItems");
            default -> throttled();
        };
    }

    private Message throttled() {
        return random.nextBoolean() ? DynamoErrors.throughputExceeded() : DynamoErrors.throttling();
    }

    /// Every second item of a batch is not processed, and handed back; a batch of one item is refused. The local
    /// engines themselves process every item of batches as small as ours.
    private Message half(Message request, Store store, String unprocessed) throws IOException {
        var sent = (ObjectNode) JSON.readTree(request.body());
        var wanted = (ObjectNode) sent.get("RequestItems");
        var back = wanted.deepCopy();
        int number = 0;
        for (var table :
                wanted.propertyStream().map(java.util.Map.Entry::getKey).toList()) {
            var goes = list(wanted.get(table));
            var stays = list(back.get(table));
            for (int i = goes.size() - 1; i >= 0; i--) (number++ % 2 == 0 ? goes : stays).remove(i);
            if (goes.isEmpty()) wanted.remove(table);
            if (stays.isEmpty()) back.remove(table);
        }
        if (wanted.isEmpty()) return throttled();
        var answer = store.exchange(request.withBody(sent.toString()));
        if (answer.status() != 200) return answer;
        var told = (ObjectNode) JSON.readTree(answer.body());
        return Message.of(200, DynamoErrors.JSON, told.set(unprocessed, back).toString());
    }

    /// What a batch asks of one table: writes, or an object with keys.
    private static ArrayNode list(JsonNode table) {
        return (ArrayNode) (table.isArray() ? table : table.get("Keys"));
    }

    private Message conflict(String operation, Message request) throws IOException {
        return switch (operation) {
            case "TransactWriteItems" ->
                DynamoErrors.transactionCanceled(
                        JSON.readTree(request.body()).path("TransactItems").size());
            case "BatchWriteItem" -> DynamoErrors.replicatedWriteConflict();
            default ->
                random.nextBoolean() ? DynamoErrors.replicatedWriteConflict() : DynamoErrors.transactionConflict();
        };
    }
}
