package dev.meridian.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.meridian.testing.DynamoRefusals.Call;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/// An HTTP proxy in front of a DynamoDB: records the calls, and answers some with the errors that a test wants.
public final class DynamoProxy implements AutoCloseable {
    private static final List<String> HEADERS = List.of("X-Amz-Target", "Content-Type", "Authorization", "X-Amz-Date");

    static {
        // Else the server waits 40 ms for an acknowledgement between the head and the body of each answer.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final URI target;
    private final HttpServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final DynamoRefusals refusals = new DynamoRefusals();
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

    /// @param target the endpoint of the DynamoDB
    public DynamoProxy(URI target) throws IOException {
        this.target = target;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    /// Its own endpoint.
    public URI endpoint() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    /// Decides which calls are refused.
    public DynamoRefusals refusals() {
        return refusals;
    }

    /// The number of calls of this kind so far, refused ones included.
    public int calls(Predicate<Call> which) {
        return (int) calls.stream().filter(which).count();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            var call = Call.of(
                    exchange.getRequestHeaders().getFirst("X-Amz-Target"), new String(body, StandardCharsets.UTF_8));
            calls.add(call);
            var refusal = refusals.of(call);
            if (refusal.isPresent()) {
                exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
                answer(exchange, refusal.get().status(), refusal.get().body().getBytes(StandardCharsets.UTF_8));
            } else {
                passOn(exchange, body);
            }
        }
    }

    private void passOn(HttpExchange exchange, byte[] body) throws IOException {
        var request = HttpRequest.newBuilder(target.resolve("/")).POST(BodyPublishers.ofByteArray(body));
        for (var name : HEADERS) {
            var value = exchange.getRequestHeaders().getFirst(name);
            if (value != null) request.header(name, value);
        }
        try {
            var answer = client.send(request.build(), BodyHandlers.ofByteArray());
            for (var name : List.of("Content-Type", "x-amz-crc32", "x-amzn-RequestId")) {
                answer.headers()
                        .firstValue(name)
                        .ifPresent(value -> exchange.getResponseHeaders().set(name, value));
            }
            answer(exchange, answer.statusCode(), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        client.close();
    }
}
