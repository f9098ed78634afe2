package dev.meridian.dynamoclient;

import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.meridian.dynamoclient.NotSentException.Reason;
import dev.meridian.testing.RawHttpServer;
import dev.meridian.testing.TestCertificates;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.util.ResourceLeakDetector;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.impl.NetSocketInternal;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;

/// The client before servers that do everything wrong. It has one event loop and one connection: a call that works
/// after a fault shows that the fault gave its connection back.
class HttpFaultsTest {
    private static final Duration TIMEOUT = Duration.ofMillis(300);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String NO_CREDENTIALS = "no credentials yet";
    private static final AwsCredentials KEYS = AwsBasicCredentials.create("AKTEST", "secret");
    private static final DateTimeFormatter AMZ_DATE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String HEAD = "HTTP/1.1 200 OK\r\n";

    @TempDir
    static Path folder;

    private final Queue<String> leaks = new ConcurrentLinkedQueue<>();
    private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
    private Vertx vertx;

    @BeforeEach
    void start() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ByteBufUtil.setLeakListener((_, records) -> leaks.add(records));
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    }

    /// A leaked buffer is noticed when it is collected and another one is made.
    @AfterEach
    void noBufferHasLeaked() throws Exception {
        try (var server = new RawHttpServer(HttpFaultsTest::answerItsKey);
                var client = client(server, 1)) {
            for (var i = 0; i < 3; i++) {
                System.gc();
                assertEquals("a" + i, key(client, "a" + i));
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
            ByteBufUtil.setLeakListener(null);
            ResourceLeakDetector.setLevel(level);
        }
        assertEquals(List.of(), List.copyOf(leaks));
    }

    private DynamoClient client(RawHttpServer server, int connections) {
        return client(URI.create("http://127.0.0.1:" + server.port()), connections, () -> KEYS);
    }

    private DynamoClient client(URI endpoint, int connections, Supplier<AwsCredentials> keys) {
        return client(endpoint, connections, keys, TIMEOUT);
    }

    private DynamoClient client(URI endpoint, int connections, Supplier<AwsCredentials> keys, Duration timeout) {
        var tracer = OpenTelemetry.noop().getTracer("test");
        return new DynamoClient(vertx, settings(endpoint, connections, timeout), keys, tracer);
    }

    private static ClientSettings settings(URI endpoint, int connections, Duration timeout) {
        return new ClientSettings(endpoint, "eu-west-1", connections, 1, timeout, timeout, Duration.ofSeconds(60));
    }

    private static CompletableFuture<GetItemResponse> get(DynamoClient client, String key) {
        return client.getItem(get -> get.tableName("t").key(Map.of("id", AttributeValue.fromS(key))));
    }

    private static CompletableFuture<PutItemResponse> put(DynamoClient client, int size) {
        return client.putItem(put -> put.tableName("t")
                .item(Map.of("id", AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(new byte[size])))));
    }

    /// The key of the item in the answer.
    private static String key(DynamoClient client, String key) throws Exception {
        return get(client, key).get(10, TimeUnit.SECONDS).item().get("id").s();
    }

    /// How a call ended: `answered`, `not sent`, `unknown`, or the status and code of DynamoDB's refusal.
    private static String outcome(CompletableFuture<?> call) throws Exception {
        try {
            call.get(10, TimeUnit.SECONDS);
            return "answered";
        } catch (ExecutionException e) {
            return switch (e.getCause()) {
                case NotSentException _ -> "not sent";
                case SdkClientException none when none.getMessage().equals(NO_CREDENTIALS) -> NO_CREDENTIALS;
                case SdkClientException _ -> "unknown";
                case DynamoDbException refused ->
                    refused.statusCode() + " "
                            + Objects.requireNonNullElse(
                                    refused.awsErrorDetails().errorCode(), "");
                default -> throw new AssertionError("another exception", e.getCause());
            };
        }
    }

    private static void assertContains(String part, String text) {
        assertTrue(text.contains(part), text);
    }

    /// Why a call was not sent.
    private static String notSent(CompletableFuture<?> call) throws Exception {
        assertEquals("not sent", outcome(call));
        return call.exceptionNow().getMessage();
    }

    private static void answerItsKey(RawHttpServer.Request request, Socket connection) throws IOException {
        write(connection, RawHttpServer.json(item(request)));
    }

    private static String item(RawHttpServer.Request request) {
        return "{\"Item\":{\"id\":{\"S\":\"" + key(request) + "\"}}}";
    }

    private static String key(RawHttpServer.Request request) {
        return request.text().replaceFirst(".*\"S\":\"([^\"]*)\".*", "$1");
    }

    private static void write(Socket connection, byte[] bytes) throws IOException {
        connection.getOutputStream().write(bytes);
    }

    private static void write(Socket connection, String text) throws IOException {
        write(connection, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static ConditionFactory eventually() {
        return await().atMost(LIMIT).pollInterval(Duration.ofMillis(5));
    }

    private static void reset(Socket connection) throws IOException {
        connection.setSoLinger(true, 0);
        connection.close();
    }

    private static void byByte(Socket connection, byte[] bytes, int millis) throws IOException, InterruptedException {
        for (var b : bytes) {
            connection.getOutputStream().write(b);
            Thread.sleep(millis);
        }
    }

    private static RawHttpServer.Handler bytes(String text) {
        return (_, connection) -> write(connection, text);
    }

    private static RawHttpServer.Handler cut(String text) {
        return (_, connection) -> {
            write(connection, text);
            throw new IOException("cut");
        };
    }

    private static String checksum(String body) {
        var crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return Long.toString(crc.getValue());
    }

    /// @param handler answers the first call
    /// @param outcome of that call
    private record Fault(String name, String outcome, RawHttpServer.Handler handler) {}

    private static Stream<Fault> faults() {
        return Stream.of(
                new Fault("hung", "unknown", RawHttpServer::hang),
                new Fault("cut before the answer", "unknown", cut("")),
                new Fault("cut in the head", "unknown", cut(HEAD + "Content-Le")),
                new Fault("cut in the body", "unknown", cut(HEAD + "Content-Length: 100\r\n\r\n{\"Item\":")),
                new Fault("cut in a chunk", "unknown", cut(HEAD + "Transfer-Encoding: chunked\r\n\r\nff\r\n{")),
                new Fault("cut after what may be the end", "unknown", cut(HEAD + "\r\n{}")),
                new Fault("reset", "unknown", (_, connection) -> reset(connection)),
                new Fault("reset in the body", "unknown", (_, connection) -> {
                    write(connection, HEAD + "Content-Length: 100\r\n\r\n{\"Item\":");
                    reset(connection);
                }),
                new Fault(
                        "byte by byte",
                        "answered",
                        (request, connection) -> byByte(connection, RawHttpServer.json(item(request)), 0)),
                new Fault(
                        "byte by byte, too slow",
                        "unknown",
                        (request, connection) -> byByte(connection, RawHttpServer.json(item(request)), 20)),
                new Fault("garbled", "unknown", bytes("\u0016\u0003\u0001garbled\u0000\u00ff\r\n\r\n")),
                new Fault("no JSON", "unknown", bytes(HEAD + "Content-Length: 9\r\n\r\n<garbled>")),
                new Fault("half of the JSON", "unknown", bytes(HEAD + "Content-Length: 9\r\n\r\n{\"Item\":{")),
                new Fault("no JSON at all", "unknown", bytes(HEAD + "Content-Length: 0\r\n\r\n")),
                new Fault("other JSON", "unknown", bytes(HEAD + "Content-Length: 2\r\n\r\n[]")),
                new Fault(
                        "other values",
                        "unknown",
                        bytes(HEAD + "Content-Length: 25\r\n\r\n{\"Item\":{\"id\":{\"S\":[1]}}}")),
                new Fault(
                        "in chunks",
                        "answered",
                        bytes(HEAD + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n")),
                new Fault("oversized", "unknown", bytes(HEAD + "Content-Length: 100000000\r\n\r\n{")),
                new Fault(
                        "oversized in chunks",
                        "unknown",
                        bytes(HEAD + "Transfer-Encoding: chunked\r\n\r\n5F5E100\r\n{")),
                new Fault(
                        "oversized head",
                        "unknown",
                        bytes(HEAD + "X: y\r\n".repeat(10_000) + "Content-Length: 2\r\n\r\n{}")),
                new Fault(
                        "surplus",
                        "answered",
                        bytes(HEAD + "Content-Length: 2\r\n\r\n{}" + HEAD + "Content-Length: 2\r\n\r\n{}")),
                new Fault(
                        "a page",
                        "503 ",
                        (_, connection) -> write(
                                connection,
                                RawHttpServer.answer("503 Service Unavailable", "text/html", "<html>Sorry</html>"))),
                new Fault("a page until the end", "unknown", cut("HTTP/1.0 503 Sorry\r\n\r\n<html>Sorry</html>")),
                new Fault(
                        "continue first",
                        "unknown",
                        bytes("HTTP/1.1 100 Continue\r\n\r\n" + HEAD + "Content-Length: 2\r\n\r\n{}")),
                new Fault("another checksum", "unknown", bytes(HEAD + "x-amz-crc32: 1\r\nContent-Length: 2\r\n\r\n{}")),
                new Fault(
                        "checksum",
                        "answered",
                        bytes(HEAD + "x-amz-crc32: " + checksum("{}") + "\r\nContent-Length: 2\r\n\r\n{}")),
                new Fault("closes", "answered", bytes(HEAD + "Connection: close\r\nContent-Length: 2\r\n\r\n{}")),
                new Fault(
                        "refused by DynamoDB",
                        "400 ExpiredTokenException",
                        (_, connection) -> write(
                                connection,
                                RawHttpServer.answer(
                                        "400 Bad Request",
                                        "application/x-amz-json-1.0",
                                        "{\"__type\":\"com.amazon.coral.service#ExpiredTokenException\",\"message\":\"x\"}"))));
    }

    @TestFactory
    Stream<DynamicTest> afterEachFaultTheNextCallWorks() {
        return faults().map(fault -> DynamicTest.dynamicTest(fault.name, () -> {
            try (var server = new RawHttpServer(fault.handler);
                    var client = client(server, 1)) {
                for (var i = 0; i < 3; i++) {
                    server.answerWith(fault.handler);
                    assertEquals(fault.outcome, outcome(get(client, "fault")));
                    server.answerWith(HttpFaultsTest::answerItsKey);
                    assertEquals("next", key(client, "next"));
                    assertEquals("other", key(client, "other"));
                }
                eventually().until(() -> server.connections() <= 1);
            }
        }));
    }

    /// Behind the end of an answer nothing can be trusted, and what the server closes is not written to.
    @Test
    void anAnswerMayEndItsConnection() throws Exception {
        for (var end :
                List.of("Content-Length: 2\r\n\r\n{}" + HEAD, "Connection: close\r\nContent-Length: 2\r\n\r\n{}")) {
            try (var server = new RawHttpServer(bytes(HEAD + end));
                    var client = client(server, 1)) {
                for (var i = 1; i <= 3; i++) {
                    assertEquals("answered", outcome(get(client, "a")));
                    assertEquals(i, server.accepted());
                }
            }
        }
    }

    /// Bytes that come while nobody asks are no answer to the next call: whole ones, and a part of one.
    @Test
    void nothingIsReadBetweenCalls() throws Exception {
        for (var more : List.of(HEAD + "Content-Length: 2\r\n\r\n{}", HEAD, "\r\n", "x")) {
            try (var server = new RawHttpServer((request, connection) -> {
                        answerItsKey(request, connection);
                        Thread.sleep(20);
                        write(connection, more);
                    });
                    var client = client(server, 1)) {
                assertEquals("a", key(client, "a"));
                eventually().until(() -> server.connections() == 0);
                assertEquals("b", key(client, "b"));
            }
        }
    }

    @Test
    void aCancelledCallClosesItsConnection() throws Exception {
        try (var server = new RawHttpServer(RawHttpServer::hang);
                var client = client(server, 1)) {
            for (var i = 1; i <= 20; i++) {
                var arrived = new CountDownLatch(1);
                server.answerWith((request, connection) -> {
                    arrived.countDown();
                    RawHttpServer.hang(request, connection);
                });
                var call = get(client, "cancelled");
                var waiting = get(client, "waiting");
                assertTrue(arrived.await(10, TimeUnit.SECONDS));
                assertTrue(waiting.cancel(false));
                assertTrue(call.cancel(false));
                eventually().until(() -> server.connections() == 0);
                server.answerWith((request, connection) -> {
                    answerItsKey(request, connection);
                    throw new IOException("closed");
                });
                assertEquals("next" + i, key(client, "next" + i));
                eventually().until(() -> server.connections() == 0);
            }
        }
    }

    @Test
    void whatWaitsInVainWasNotSent() throws Exception {
        try (var server = new RawHttpServer(RawHttpServer::hang);
                var client = client(server, 1)) {
            var sent = get(client, "sent");
            eventually().until(() -> server.accepted() == 1);
            var waits = get(client, "waits");
            var tooMany = get(client, "too many");
            assertEquals("not sent", outcome(tooMany));
            assertEquals("unknown", outcome(sent));
            server.answerWith(HttpFaultsTest::answerItsKey);
            // The connection of the first is closed, and a new one is opened in time or not.
            assertTrue(List.of("answered", "not sent").contains(outcome(waits)));
            assertEquals("next", key(client, "next"));
        }
    }

    private static Reason reason(CompletableFuture<?> call) throws Exception {
        assertEquals("not sent", outcome(call));
        return ((NotSentException) call.exceptionNow()).reason();
    }

    /// Without a connection a call says why: nobody is reached, or this process has too many calls.
    @Test
    void whoIsBusyIsTold() throws Exception {
        var signed = new AtomicInteger();
        Supplier<AwsCredentials> keys = () -> {
            signed.incrementAndGet();
            return KEYS;
        };
        try (var server = new RawHttpServer(RawHttpServer::hang);
                var client = client(URI.create("http://127.0.0.1:" + server.port()), 1, keys, LIMIT)) {
            var sent = get(client, "sent");
            eventually().until(() -> server.accepted() == 1);
            var waits = get(client, "waits");
            eventually().until(() -> signed.get() == 2);
            assertEquals(Reason.BUSY, reason(get(client, "too many")));
            assertEquals(2, signed.get(), "what is refused is not signed");
            assertTrue(waits.cancel(false));
            eventually().until(() -> DynamoClient.notSent(waits) != null);
            assertEquals(Reason.BUSY, DynamoClient.notSent(waits).reason());
            assertTrue(sent.cancel(false));
            eventually().until(() -> server.connections() == 0);
            assertEquals(null, DynamoClient.notSent(sent));
        }
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var _ = new Socket(server.getInetAddress(), server.getLocalPort());
                var _ = new Socket(server.getInetAddress(), server.getLocalPort());
                var client = client(URI.create("http://127.0.0.1:" + server.getLocalPort()), 1, () -> KEYS, LIMIT)) {
            var connects = get(client, "connects");
            var waits = get(client, "waits");
            assertTrue(waits.cancel(false));
            assertTrue(connects.cancel(false));
            eventually().until(() -> DynamoClient.notSent(connects) != null);
            assertEquals(Reason.BUSY, DynamoClient.notSent(waits).reason());
            assertEquals(Reason.UNREACHABLE, DynamoClient.notSent(connects).reason());
        }
    }

    /// The member of an object that nobody else sees.
    private static Object member(Object of, String name) throws ReflectiveOperationException {
        var field = of.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(of);
    }

    /// The only connection of a client, while it has no call.
    private static Channel channel(DynamoClient client) throws ReflectiveOperationException {
        var pools = (Map<?, ?>) member(member(client, "pools"), "pools");
        var idle = (Collection<?>) member(pools.values().iterator().next(), "idle");
        var socket = member(idle.iterator().next(), "socket");
        return ((NetSocketInternal) member(socket, "socket"))
                .channelHandlerContext()
                .channel();
    }

    private static final class NoMemory extends AbstractByteBufAllocator {
        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            throw new OutOfMemoryError("for this test");
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            throw new OutOfMemoryError("for this test");
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }

    /// The connection is given up, and its place is free.
    @Test
    void aRequestThatFindsNoMemoryIsNotSent() throws Exception {
        try (var server = new RawHttpServer(HttpFaultsTest::answerItsKey);
                var client = client(server, 1)) {
            for (var i = 1; i <= 3; i++) {
                assertEquals("a", key(client, "a"));
                assertEquals(i, server.accepted());
                channel(client).config().setAllocator(new NoMemory());
                assertEquals(Reason.BUSY, reason(get(client, "b")));
            }
            assertEquals("c", key(client, "c"));
        }
    }

    /// Of errors that nobody foresees, the caller learns, and the connection ends or is free.
    @Test
    void anErrorWhileAnAnswerIsReadEndsTheCall() throws Exception {
        var errors = new AtomicInteger(1);
        var ended = new AtomicInteger();
        var span = proxy(Span.class, method -> {
            if (method.equals("setAttribute") && errors.getAndDecrement() > 0)
                throw new StackOverflowError("for this test");
            if (method.equals("end")) ended.incrementAndGet();
            return null;
        });
        var builder = proxy(SpanBuilder.class, method -> method.equals("startSpan") ? span : null);
        try (var server = new RawHttpServer(HttpFaultsTest::answerItsKey);
                var client = new DynamoClient(
                        vertx,
                        settings(URI.create("http://127.0.0.1:" + server.port()), 1, LIMIT),
                        () -> KEYS,
                        _ -> builder)) {
            for (var i = 0; i < 3; i++) {
                errors.set(1);
                assertEquals("unknown", outcome(get(client, "a")));
                assertEquals("b", key(client, "b"));
            }
            assertEquals(6, ended.get());
        }
    }

    /// @param answers null stands for the object itself, where the method returns such a one
    private static <T> T proxy(Class<T> type, Function<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, _) -> {
            var answer = answers.apply(method.getName());
            return answer == null && method.getReturnType() == type ? self : answer;
        }));
    }

    /// Its clock is ahead of ours, or behind: the first call learns it, and others work. So it is when the clocks
    /// are set right.
    @Test
    void aClockThatIsWrongIsCorrected() throws Exception {
        var ahead = new AtomicReference<>(Duration.ZERO);
        try (var server = new RawHttpServer((request, connection) -> {
                    var now = Instant.now().plus(ahead.get());
                    var signed = Instant.from(AMZ_DATE.parse(request.header("x-amz-date")));
                    var isRight = Duration.between(signed, now).abs().compareTo(Duration.ofMinutes(5)) < 0;
                    var body = isRight
                            ? item(request)
                            : "{\"__type\":\"com.amazon.coral.service#InvalidSignatureException\",\"message\":\"expired\"}";
                    write(
                            connection,
                            "HTTP/1.1 %d X\r\nDate: %s\r\nContent-Length: %d\r\n\r\n%s"
                                    .formatted(
                                            isRight ? 200 : 400,
                                            RFC_1123_DATE_TIME.format(now.atOffset(ZoneOffset.UTC)),
                                            body.length(),
                                            body));
                });
                var client = client(URI.create("http://127.0.0.1:" + server.port()), 1, () -> KEYS, LIMIT)) {
            assertEquals("a", key(client, "a"));
            for (var hours : List.of(1, -30, 0)) {
                ahead.set(Duration.ofHours(hours));
                var call = get(client, "b");
                assertEquals("400 InvalidSignatureException", outcome(call));
                assertTrue(((DynamoDbException) call.exceptionNow()).isClockSkewException());
                assertEquals("c", key(client, "c"));
            }
            // A signature that is wrong at the right time says nothing of the clock.
            server.answerWith(bytes("HTTP/1.1 400 X\r\nDate: "
                    + RFC_1123_DATE_TIME.format(Instant.now().atOffset(ZoneOffset.UTC))
                    + "\r\nContent-Length: 38\r\n\r\n{\"__type\":\"InvalidSignatureException\"}"));
            var call = get(client, "d");
            assertEquals("400 InvalidSignatureException", outcome(call));
            assertFalse(((DynamoDbException) call.exceptionNow()).isClockSkewException());
        }
    }

    @Test
    void aClosedClientSendsNothing() throws Exception {
        try (var server = new RawHttpServer(HttpFaultsTest::answerItsKey)) {
            var client = client(URI.create("http://127.0.0.1:" + server.port()), 1, () -> KEYS, LIMIT);
            client.close();
            assertEquals(Reason.UNREACHABLE, reason(get(client, "a")));
            assertEquals(0, server.accepted());
        }
    }

    /// Whatever is wrong with a request, its future says it.
    @Test
    void aRequestThatCannotBeWrittenFails() throws Exception {
        try (var server = new RawHttpServer(HttpFaultsTest::answerItsKey);
                var client = client(server, 1)) {
            var nothing = new HashMap<String, AttributeValue>();
            nothing.put("id", null);
            var call = client.getItem(get -> get.tableName("t").key(nothing));
            var failure = assertThrows(ExecutionException.class, () -> call.get(10, TimeUnit.SECONDS));
            assertInstanceOf(RuntimeException.class, failure.getCause());
        }
    }

    @Test
    void whereNobodyListensNothingIsSent() throws Exception {
        int port;
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
        }
        try (var client = client(URI.create("http://127.0.0.1:" + port), 1, () -> KEYS)) {
            for (var i = 0; i < 20; i++) assertEquals("not sent", outcome(get(client, "a")));
            try (var server = new RawHttpServer(HttpFaultsTest::answerItsKey);
                    var other = client(server, 1)) {
                assertEquals("next", key(other, "next"));
            }
        }
    }

    /// The kernel takes no more connections than the backlog, and says nothing about others.
    @Test
    void aConnectThatHangsEndsInTime() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var _ = new Socket(server.getInetAddress(), server.getLocalPort());
                var _ = new Socket(server.getInetAddress(), server.getLocalPort());
                var client = client(URI.create("http://127.0.0.1:" + server.getLocalPort()), 1, () -> KEYS)) {
            for (var i = 0; i < 3; i++) assertEquals("not sent", outcome(get(client, "a")));
        }
    }

    /// A server that closes its connections whenever it wants. Whether the request that meets such an end was
    /// read is often unknown; a call that is said not to have been sent was read by nobody.
    @Test
    void aConnectionMayEndBetweenCalls() throws Exception {
        Set<String> received = ConcurrentHashMap.newKeySet();
        var outcomes = new ConcurrentHashMap<String, Integer>();
        try (var server = new RawHttpServer((request, connection) -> {
                    var key = key(request);
                    received.add(key);
                    answerItsKey(request, connection);
                    if (key.hashCode() % 3 == 0) Thread.sleep(0, 300_000);
                    if (key.hashCode() % 2 == 0) reset(connection);
                    throw new IOException("closed");
                });
                var client = client(server, 1)) {
            for (var i = 0; i < 1000; i++) {
                var outcome = outcome(get(client, "k" + i));
                outcomes.merge(outcome, 1, Integer::sum);
                assertFalse(outcome.equals("not sent") && received.contains("k" + i), "sent nevertheless");
                assertFalse(outcome.equals("answered") && !received.contains("k" + i));
            }
            server.answerWith(HttpFaultsTest::answerItsKey);
            eventually().until(() -> outcome(get(client, "last")).equals("answered"));
        }
        System.out.println("dynamo client: connections that end after each answer: " + outcomes);
        assertTrue(outcomes.get("answered") > 400, outcomes::toString);
    }

    /// Half of a request is in the buffers of two kernels when its time is over. The other half does not
    /// follow when the server reads at last: it was said not to have been sent.
    @Test
    void aRequestThatIsHalfWrittenIsNeverFinished() throws Exception {
        var size = 8 * 1024 * 1024;
        try (var server = smallServer();
                var client = client(URI.create("http://127.0.0.1:" + server.getLocalPort()), 1, () -> KEYS)) {
            var call = put(client, size);
            try (var connection = server.accept()) {
                assertEquals("not sent", outcome(call));
                var received = connection.getInputStream().readAllBytes().length;
                assertTrue(received < size, "all was sent");
            } catch (IOException _) {
                // Reset, which is as good.
            }
        }
    }

    /// A refusal that comes before the request is written: nobody can tell where the next request would begin.
    @Test
    void anAnswerToHalfOfARequestEndsTheConnection() throws Exception {
        try (var server = smallServer();
                var client = client(URI.create("http://127.0.0.1:" + server.getLocalPort()), 1, () -> KEYS, LIMIT)) {
            var call = put(client, 8 * 1024 * 1024);
            try (var first = server.accept()) {
                write(first, RawHttpServer.answer("413 Too Large", "text/html", "<html>Too large</html>"));
                assertEquals("413 ", outcome(call));
                var next = get(client, "next");
                try (var second = server.accept()) {
                    write(second, RawHttpServer.json("{\"Item\":{\"id\":{\"S\":\"next\"}}}"));
                    assertEquals(
                            "next",
                            next.get(10, TimeUnit.SECONDS).item().get("id").s());
                }
            }
        }
    }

    private static ServerSocket smallServer() throws IOException {
        var server = new ServerSocket();
        server.setReceiveBufferSize(4 * 1024);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server.setSoTimeout((int) LIMIT.toMillis());
        return server;
    }

    /// Each request is signed with the keys and the token of one set.
    @Test
    void credentialsChangeAndEndUnderLoad() throws Exception {
        var mixed = new AtomicInteger();
        var calls = new AtomicInteger();
        Supplier<AwsCredentials> keys = () -> {
            var n = calls.incrementAndGet() / 7;
            if (n % 5 == 4) throw SdkClientException.create(NO_CREDENTIALS);
            return n % 5 == 3
                    ? AwsBasicCredentials.create("AK-" + n, "secret" + n)
                    : AwsSessionCredentials.create("AK-" + n, "secret" + n, "token-" + n);
        };
        try (var server = new RawHttpServer((request, connection) -> {
                    var n = request.header("authorization").replaceFirst(".*Credential=AK-(\\d+)/.*", "$1");
                    var token = Integer.parseInt(n) % 5 == 3 ? "" : "token-" + n;
                    if (!request.header("x-amz-security-token").equals(token)) mixed.incrementAndGet();
                    if (Integer.parseInt(n) % 5 == 2)
                        write(
                                connection,
                                RawHttpServer.answer(
                                        "400 X", "application/json", "{\"__type\":\"a#ExpiredTokenException\"}"));
                    else answerItsKey(request, connection);
                });
                var client = client(URI.create("http://127.0.0.1:" + server.port()), 4, keys)) {
            var outcomes = new ConcurrentHashMap<String, Integer>();
            for (var i = 0; i < 200; i++) {
                var some = IntStream.range(0, 4)
                        .mapToObj(n -> get(client, "k" + n))
                        .toList();
                for (CompletableFuture<?> call : some) outcomes.merge(outcome(call), 1, Integer::sum);
            }
            System.out.println("dynamo client: credentials that change: " + outcomes);
            assertEquals(0, mixed.get());
            assertEquals(Set.of("answered", "400 ExpiredTokenException", NO_CREDENTIALS), outcomes.keySet());
        }
    }

    @TestFactory
    Stream<DynamicTest> onlyTheRightCertificateIsTrusted() throws Exception {
        var right = TestCertificates.create(folder.resolve("right"), "localhost");
        var address = TestCertificates.create(folder.resolve("address"), "127.0.0.1", "::1");
        var unknown = TestCertificates.create(folder.resolve("unknown"), "localhost");
        var expired = TestCertificates.expired(folder.resolve("expired"));
        return Stream.of(
                tls("right", right, right, "localhost", ""),
                tls("an address", address, address, "127.0.0.1", ""),
                tls("an address of version 6", address, address, "[::1]", ""),
                tls("another address", address, address, "localhost", "No name matching localhost found"),
                tls("wrong name", right, right, "127.0.0.1", "No subject alternative names matching IP address"),
                tls("unknown authority", unknown, right, "localhost", "unable to find valid certification path"),
                tls("expired", expired, expired, "localhost", "NotAfter"));
    }

    /// @param refusal empty when there is none
    private DynamicTest tls(
            String name, TestCertificates shown, TestCertificates trusted, String host, String refusal) {
        return DynamicTest.dynamicTest(name, () -> {
            assumeTrue(NetworkInterface.getByInetAddress(InetAddress.getByName(host)) != null, "no " + host + " here");
            System.setProperty("javax.net.ssl.trustStore", trusted.trustStore().toString());
            System.setProperty("javax.net.ssl.trustStorePassword", TestCertificates.TRUST_STORE_PASSWORD);
            try (var server = new RawHttpServer(
                            HttpFaultsTest::answerItsKey, shown.serverContext(), InetAddress.getByName(host));
                    var client = client(URI.create("https://" + host + ":" + server.port()), 1, () -> KEYS, LIMIT)) {
                for (var i = 0; i < 3; i++) {
                    if (refusal.isEmpty()) assertEquals("a", key(client, "a"));
                    else assertContains(refusal, notSent(get(client, "a")));
                }
                assertEquals(refusal.isEmpty() ? 1 : 3, server.accepted());
            } finally {
                System.clearProperty("javax.net.ssl.trustStore");
                System.clearProperty("javax.net.ssl.trustStorePassword");
            }
        });
    }
}
