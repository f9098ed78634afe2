package dev.meridian.dynamoclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;

/// Our client reads what the SDK's reads from the same bytes: generated answers of each operation, and errors.
class SameAnswersTest {
    /// Of each operation.
    private static final int ANSWERS = Integer.getInteger("same.answers", 400);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final WireServer SERVER = new WireServer();
    private static final SdkWire WIRE = new SdkWire();
    private static final DynamoDbAsyncClient OURS = SERVER.client(AwsBasicCredentials.create("a", "b"));
    private static final DynamoDbAsyncClient THEIRS = WIRE.client().build();
    private static final GetItemRequest GET = GetItemRequest.builder().build();

    /// Codes without a class.
    private static final List<String> OTHERS = List.of(
            "AccessDeniedException",
            "ExpiredTokenException",
            "IncompleteSignatureException",
            "InvalidSignatureException",
            "KMSAccessDeniedException",
            "KMSDisabledException",
            "KMSInvalidStateException",
            "KMSNotFoundException",
            "MissingAuthenticationTokenException",
            "RequestExpired",
            "SerializationException",
            "ServiceUnavailable",
            "Throttling",
            "UnrecognizedClientException",
            "ValidationException");

    private final long seed = Long.getLong("same.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final RandomPojos generated = new RandomPojos(random);

    @AfterAll
    static void stop() {
        SERVER.close();
        THEIRS.close();
    }

    @TestFactory
    Stream<DynamicTest> generatedAnswersAreReadAlike() {
        System.out.printf("same answers: %d of each operation, seed %d%n", ANSWERS, seed);
        return Operation.all().stream()
                .map(operation -> DynamicTest.dynamicTest(operation.method(), () -> {
                    for (var i = 0; i < ANSWERS; i++) {
                        compare(operation, json(generated.some(operation.answer(), Operation::isRead)));
                    }
                }));
    }

    /// What is unknown, `null` or not asked for is skipped.
    @TestFactory
    Stream<DynamicTest> otherMembersAreSkipped() {
        return Operation.all().stream()
                .map(operation -> DynamicTest.dynamicTest(operation.method(), () -> {
                    for (var i = 0; i < 20; i++) {
                        var answer = object(generated.some(operation.answer(), Operation::isRead));
                        answer.put("Unknown", json(generated.attribute(0)));
                        RandomPojos.empty(operation.answer())
                                .sdkFields()
                                .forEach(field -> answer.putIfAbsent(field.locationName(), null));
                        compare(operation, answer);
                    }
                }));
    }

    private void compare(Operation operation, Object answer) throws IOException {
        var mapper = random.nextBoolean() ? JSON.writer() : JSON.writerWithDefaultPrettyPrinter();
        var bytes = mapper.writeValueAsBytes(answer);
        answer(200, bytes);
        var request = RandomPojos.empty(operation.request());
        var theirs = (SdkPojo) operation.call(THEIRS, request).join();
        var ours = (SdkPojo) operation.call(OURS, request).join();
        assertTrue(ours.equalsBySdkFields(theirs), () -> "seed " + seed + "\n" + theirs + "\n" + ours);
        assertEquals(sets(theirs), sets(ours), () -> "seed " + seed);
    }

    private static void answer(int status, byte[] bytes) {
        var reply = new WireServer.Reply(status, bytes);
        WIRE.answer(reply);
        SERVER.answer(reply);
    }

    /// Which members are set, empty ones included.
    private static List<String> sets(SdkPojo pojo) {
        return pojo.sdkFields().stream()
                .filter(field -> isSet(field.getValueOrDefault(pojo)))
                .map(field -> field.memberName())
                .toList();
    }

    private static boolean isSet(Object value) {
        return value != null && !(value instanceof SdkAutoConstructMap) && !(value instanceof SdkAutoConstructList);
    }

    /// A member of an answer as DynamoDB writes it.
    private static Object json(Object value) {
        return switch (value) {
            case SdkPojo pojo -> object(pojo);
            case SdkBytes bytes -> bytes.asByteArray();
            case List<?> list -> list.stream().map(SameAnswersTest::json).toList();
            case Map<?, ?> map -> {
                var object = new LinkedHashMap<Object, Object>();
                map.forEach((key, element) -> object.put(key, json(element)));
                yield object;
            }
            default -> value;
        };
    }

    private static Map<String, Object> object(SdkPojo pojo) {
        var object = new LinkedHashMap<String, Object>();
        for (var field : pojo.sdkFields()) {
            var member = field.getValueOrDefault(pojo);
            if (isSet(member)) object.put(field.locationName(), json(member));
        }
        return object;
    }

    /// Half of an answer must not be taken for an item that is absent.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"text\"",
                "{",
                "{\"Item\":",
                "{\"Item\":[]}",
                "{\"Item\":\"x\"}",
                "{\"Item\":{\"a\":null}}",
                "{\"Item\":{\"a\":{}}}",
                "{\"Item\":{\"a\":{\"S\":1}}}",
                "{\"Item\":{\"a\":{\"S\":null}}}",
                "{\"Item\":{\"a\":{\"S\":\"x\",\"N\":\"1\"}}}",
                "{\"Item\":{\"a\":{\"N\":1}}}",
                "{\"Item\":{\"a\":{\"B\":\"?\"}}}",
                "{\"Item\":{\"a\":{\"L\":{}}}}",
                "{\"Item\":{\"a\":{\"SS\":[1]}}}",
                "{\"Item\":{\"a\":{\"NEW\":\"x\"}}}",
                "{\"Item\":{\"a\":{\"BOOL\":\"true\"}}}",
                "{} {}",
                "{}x",
                "<html>it works</html>"
            })
    void whatIsNoAnswerIsAFailure(String body) {
        answer(200, body.getBytes(StandardCharsets.UTF_8));
        var failure =
                assertThrows(CompletionException.class, () -> OURS.getItem(GET).join());
        assertInstanceOf(SdkClientException.class, failure.getCause());
    }

    @TestFactory
    Stream<DynamicTest> errorsAreReadAlike() {
        return Stream.concat(declared(), OTHERS.stream())
                .map(code -> DynamicTest.dynamicTest(code, () -> {
                    for (var prefix : List.of("com.amazonaws.dynamodb.v20120810#", "com.amazon.coral.service#", "")) {
                        compareErrors(400, error(prefix + code, "message"));
                        compareErrors(400, error(prefix + code, "Message"));
                        compareErrors(500, error(prefix + code, "message"));
                        compareErrors(400, Map.of("__type", prefix + code));
                    }
                }));
    }

    /// The codes of all exceptions that the operations of our client declare.
    private static Stream<String> declared() {
        return Arrays.stream(DynamoDbClient.class.getMethods())
                .filter(method ->
                        Operation.all().stream().anyMatch(own -> own.method().equals(method.getName())))
                .flatMap(method -> Arrays.stream(method.getExceptionTypes()))
                .filter(type -> DynamoDbException.class.isAssignableFrom(type) && type != DynamoDbException.class)
                .map(Class::getSimpleName)
                .distinct()
                .sorted()
                .map(name -> name.matches("(RequestLimitExceeded|InternalServerError)Exception")
                        ? name.replace("Exception", "")
                        : name);
    }

    private Map<String, Object> error(String type, String message) {
        return Map.of(
                "__type",
                type,
                message,
                "The conditional request failed é",
                "Item",
                json(generated.attributes(0)),
                "CancellationReasons",
                List.of(
                        Map.of("Code", "None"),
                        Map.of(
                                "Code",
                                "ConditionalCheckFailed",
                                "Message",
                                "m",
                                "Item",
                                json(generated.attributes(0)))),
                "ThrottlingReasons",
                List.of(Map.of("reason", "TableReadProvisionedThroughputExceeded", "resource", "arn")),
                "throttlingReasons",
                List.of(Map.of("reason", "TableReadProvisionedThroughputExceeded", "resource", "arn")),
                "Unknown",
                Map.of("a", List.of(1)));
    }

    /// A proxy answers with pages.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>Service Unavailable</html>",
                "{",
                "[]",
                "{\"message\":\"Forbidden\"}",
                "{\"__type\":null}"
            })
    void errorsWithoutATypeAreReadAlike(String body) throws IOException {
        for (var status : List.of(400, 403, 413, 429, 500, 502, 503, 504)) {
            compareErrors(status, body.getBytes(StandardCharsets.UTF_8));
        }
    }

    /// One odd value does not hide what the others say, wherever it is.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"__type\":\"a#ConditionalCheckFailedException\",\"message\":\"m\",\"Item\":?}",
                "{\"Item\":?,\"__type\":\"a#ConditionalCheckFailedException\",\"message\":\"m\"}",
                "{\"__type\":\"ConditionalCheckFailedException\",\"Item\":?,\"message\":\"m\"}",
                "{\"message\":\"m\",\"CancellationReasons\":?,\"__type\":\"ConditionalCheckFailedException\"}",
                "{\"message\":\"m\",\"__type\":\"ConditionalCheckFailedException\",\"ThrottlingReasons\":?}",
                "{\"message\":\"m\",\"__type\":\"ConditionalCheckFailedException\",\"Item\":{\"a\":?"
            })
    void oneOddValueDoesNotHideTheError(String body) {
        for (var odd : List.of("1", "[1]", "{\"a\":[[{\"b\":1}]]}", "{\"a\":{\"S\":\"x\",\"N\":\"1\"}}", "\"x\"")) {
            answer(400, body.replace("?", odd).getBytes(StandardCharsets.UTF_8));
            var failure = assertInstanceOf(ConditionalCheckFailedException.class, failure(OURS));
            assertEquals("m", failure.awsErrorDetails().errorMessage());
            assertEquals(
                    "ConditionalCheckFailedException", failure.awsErrorDetails().errorCode());
            assertEquals(Map.of(), failure.item());
        }
    }

    private static void compareErrors(int status, Object error) throws IOException {
        compareErrors(status, JSON.writeValueAsBytes(error));
    }

    private static void compareErrors(int status, byte[] error) {
        answer(status, error);
        var theirs = failure(THEIRS);
        var ours = failure(OURS);
        assertEquals(theirs.getClass(), ours.getClass());
        assertEquals(facts(theirs), facts(ours));
        assertEquals(members((SdkPojo) theirs), members((SdkPojo) ours));
    }

    private static Map<String, Optional<Object>> members(SdkPojo pojo) {
        return pojo.sdkFields().stream()
                .collect(Collectors.toMap(
                        field -> field.memberName(), field -> Optional.ofNullable(field.getValueOrDefault(pojo))));
    }

    private static DynamoDbException failure(DynamoDbAsyncClient client) {
        var failure = assertThrows(
                CompletionException.class, () -> client.getItem(GET).join());
        return assertInstanceOf(DynamoDbException.class, failure.getCause());
    }

    private static Map<String, Object> facts(DynamoDbException e) {
        return Map.of(
                "code", String.valueOf(e.awsErrorDetails().errorCode()),
                "message of the service", String.valueOf(e.awsErrorDetails().errorMessage()),
                "message", e.getMessage(),
                "service", e.awsErrorDetails().serviceName(),
                "status", e.statusCode(),
                "status of the answer", e.awsErrorDetails().sdkHttpResponse().statusCode(),
                "request", String.valueOf(e.requestId()),
                "throttled", e.isThrottlingException(),
                "retryable", e.retryable(),
                "attempts", e.numAttempts());
    }
}
