package dev.meridian.dynamoclient;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.api.OpenTelemetry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/// The other end of the wire of our client: keeps what arrives, and answers with what the test says.
final class WireServer implements AutoCloseable {
    static final String REQUEST_ID = "0123456789ABCDEF";

    record Reply(int status, byte[] bytes) {
        Reply(int status, String text) {
            this(status, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private volatile Headers headers;
    private volatile byte[] body;
    private volatile Reply reply = new Reply(200, "{}");

    WireServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.createContext("/", this::respond);
        server.start();
    }

    private void respond(HttpExchange exchange) throws IOException {
        headers = exchange.getRequestHeaders();
        body = exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().add("x-amzn-RequestId", REQUEST_ID);
        // For this server, -1 is "no body" and 0 is "in chunks".
        exchange.sendResponseHeaders(reply.status(), reply.bytes().length == 0 ? -1 : reply.bytes().length);
        if (reply.bytes().length > 0) exchange.getResponseBody().write(reply.bytes());
        exchange.close();
    }

    DynamoClient client(AwsCredentials credentials) {
        return client(() -> credentials);
    }

    DynamoClient client(Supplier<AwsCredentials> credentials) {
        return new DynamoClient(
                vertx, settings(), credentials, OpenTelemetry.noop().getTracer("test"));
    }

    ClientSettings settings() {
        var limit = Duration.ofSeconds(20);
        return new ClientSettings(endpoint(), "eu-west-1", 8, 8, limit, limit, limit);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void answer(Reply next) {
        reply = next;
    }

    /// A header of the last request; null where it has none.
    String header(String name) {
        return headers.getFirst(name);
    }

    /// The body of the last request.
    byte[] body() {
        return body;
    }

    @Override
    public void close() {
        server.stop(0);
        vertx.close();
    }
}
