package dev.meridian.dynamoclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/// Our client sends what the SDK's sends, for generated requests of each operation.
class SameRequestsTest {
    /// Of each operation.
    private static final int REQUESTS = Integer.getInteger("same.requests", 400);

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build());
    private static final WireServer SERVER = new WireServer();
    private static final SdkWire WIRE = new SdkWire();
    private static final DynamoDbAsyncClient OURS = SERVER.client(AwsBasicCredentials.create("a", "b"));
    private static final DynamoDbAsyncClient THEIRS = WIRE.client().build();

    private final long seed = Long.getLong("same.seed", System.nanoTime());
    private final RandomPojos generated = new RandomPojos(new Random(seed));

    @AfterAll
    static void stop() {
        SERVER.close();
        THEIRS.close();
    }

    @Test
    void theClientHasTheOperationsOnItems() {
        assertEquals(
                Set.of(
                        "batchGetItem",
                        "batchWriteItem",
                        "deleteItem",
                        "describeTable",
                        "getItem",
                        "putItem",
                        "query",
                        "scan",
                        "transactWriteItems",
                        "updateItem"),
                Operation.all().stream().map(Operation::method).collect(Collectors.toSet()));
    }

    @TestFactory
    Stream<DynamicTest> generatedRequestsAreTheSame() {
        System.out.printf("same requests: %d of each operation, seed %d%n", REQUESTS, seed);
        return Operation.all().stream()
                .map(operation -> DynamicTest.dynamicTest(operation.method(), () -> {
                    for (var i = 0; i < REQUESTS; i++) {
                        compare(operation, generated.some(operation.request(), Operation::isWritten));
                    }
                }));
    }

    /// A newer SDK that has one more member fails here.
    @TestFactory
    Stream<DynamicTest> eachMemberIsWrittenOrRefused() {
        return Operation.all().stream()
                .map(operation -> DynamicTest.dynamicTest(operation.method(), () -> {
                    var refused = new TreeSet<String>();
                    for (var member : RandomPojos.empty(operation.request()).sdkFields()) {
                        var name = RandomPojos.name(operation.request(), member);
                        var request = generated.only(operation.request(), member, Operation::isWritten);
                        if (Operation.isWritten(name)) compare(operation, request);
                        else refused.add(refused(operation, request, name));
                    }
                    System.out.println("same requests: " + operation.method() + " refuses " + refused);
                }));
    }

    private static String refused(Operation operation, DynamoDbRequest request, String member) {
        var failure = assertThrows(
                CompletionException.class, () -> operation.call(OURS, request).join(), member);
        var cause = assertInstanceOf(IllegalArgumentException.class, failure.getCause());
        var name = member.substring(member.indexOf('.') + 1);
        assertTrue(cause.getMessage().contains(name), cause::getMessage);
        return name;
    }

    /// Of a batch's keys too.
    @Test
    void whatRequestsContainIsWrittenOrRefused() {
        var contained = Operation.all().stream()
                .flatMap(operation -> RandomPojos.parts(operation.request()).stream())
                .filter(part -> !DynamoDbRequest.class.isAssignableFrom(part))
                .flatMap(part ->
                        RandomPojos.empty(part).sdkFields().stream().map(field -> RandomPojos.name(part, field)))
                .filter(member -> !Operation.isWritten(member))
                .toList();
        assertEquals(List.of("KeysAndAttributes.AttributesToGet"), contained);
        var batch = Operation.all().getFirst();
        var request = BatchGetItemRequest.builder()
                .requestItems(Map.of(
                        "t", KeysAndAttributes.builder().attributesToGet("a").build()))
                .build();
        refused(batch, request, contained.getFirst());
    }

    @Test
    void configurationOfOneRequestIsRefused() {
        var request = GetItemRequest.builder()
                .overrideConfiguration(c -> c.putHeader("x", "y"))
                .build();
        var failure = assertThrows(
                CompletionException.class, () -> OURS.getItem(request).join());
        assertInstanceOf(IllegalArgumentException.class, failure.getCause());
    }

    @Test
    void theDeepestItemIsTheSame() throws IOException {
        compare(operation("putItem"), put(RandomPojos.deepest()));
    }

    /// Half a character is no text: DynamoDB refuses it.
    @Test
    void halfACharacterIsTheSame() throws IOException {
        for (var half : List.of("\uD83D", "a\uDE00", "\uDE00\uD83D")) {
            compare(operation("putItem"), put(AttributeValue.fromS(half)));
            compare(operation("putItem"), put(AttributeValue.fromSs(List.of("", half))));
        }
    }

    @Test
    void aValueWithTwoTypesIsRefused() {
        var request = put(AttributeValue.builder().s("a").n("1").build());
        var failure = assertThrows(
                CompletionException.class, () -> OURS.putItem(request).join());
        assertInstanceOf(IllegalArgumentException.class, failure.getCause());
    }

    private static PutItemRequest put(AttributeValue value) {
        return PutItemRequest.builder().tableName("t").item(Map.of("a", value)).build();
    }

    @Test
    void aTransactionHasATokenOfItsOwn() throws IOException {
        var request = TransactWriteItemsRequest.builder().build();
        var tokens = new TreeSet<String>();
        for (var i = 0; i < 3; i++) {
            OURS.transactWriteItems(request).join();
            var body = (ObjectNode) JSON.readTree(SERVER.body());
            tokens.add(
                    UUID.fromString(body.remove("ClientRequestToken").asText()).toString());
            THEIRS.transactWriteItems(request).join();
            var theirs = (ObjectNode) JSON.readTree(WIRE.body());
            theirs.remove("ClientRequestToken");
            assertEquals(theirs, body);
        }
        assertEquals(3, tokens.size());
    }

    private static Operation operation(String method) {
        return Operation.all().stream()
                .filter(operation -> operation.method().equals(method))
                .findFirst()
                .orElseThrow();
    }

    private void compare(Operation operation, DynamoDbRequest request) throws IOException {
        var named = withToken(request);
        operation.call(THEIRS, named).join();
        operation.call(OURS, named).join();
        assertEquals(json(WIRE.body()), json(SERVER.body()), () -> "seed " + seed + ": " + named);
        for (var header : Set.of("content-type", "x-amz-target")) {
            assertEquals(WIRE.header(header).orElseThrow(), SERVER.header(header), header);
        }
    }

    /// Otherwise each client makes one of its own.
    private static DynamoDbRequest withToken(DynamoDbRequest request) {
        return request instanceof TransactWriteItemsRequest transaction && transaction.clientRequestToken() == null
                ? transaction.toBuilder().clientRequestToken("token").build()
                : request;
    }

    private static JsonNode json(byte[] bytes) throws IOException {
        return JSON.readTree(bytes);
    }
}
