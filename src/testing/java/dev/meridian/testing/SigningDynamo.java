package dev.meridian.testing;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/// DynamoDB's check of signatures in front of a local DynamoDB, which has none: a call passes when a key of a
/// [CredentialServer] signed it, and the time of the key is not over.
public final class SigningDynamo implements AutoCloseable {
    private static final Pattern AUTHORIZATION = Pattern.compile(
            "AWS4-HMAC-SHA256 Credential=([^/]+)/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})");
    private static final String TYPE = "application/x-amz-json-1.0";

    private final CredentialServer source;
    private final Optional<URI> store;
    private final HttpServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ConcurrentLinkedDeque<String> used = new ConcurrentLinkedDeque<>();
    private final ConcurrentLinkedDeque<String> refused = new ConcurrentLinkedDeque<>();

    /// @param store the local DynamoDB; without one every answer is empty
    public SigningDynamo(CredentialServer source, Optional<String> store) throws IOException {
        this.source = source;
        this.store = store.map(URI::create);
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 100);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    /// Its address.
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// The ids of the keys that calls were signed with, each once, in order.
    public List<String> keys() {
        return used.stream().distinct().toList();
    }

    /// Why calls were refused, one code for each.
    public List<String> refused() {
        return List.copyOf(refused);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            var fault = fault(exchange.getRequestHeaders(), body);
            if (!fault.isEmpty()) {
                refused.add(fault);
                send(
                        exchange,
                        400,
                        ("{\"__type\":\"com.amazon.coral.service#" + fault + "\",\"message\":\"" + fault + "\"}")
                                .getBytes(StandardCharsets.UTF_8));
            } else if (store.isEmpty()) {
                send(exchange, 200, "{}".getBytes(StandardCharsets.UTF_8));
            } else {
                pass(exchange, store.get(), body);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", TYPE);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private void pass(HttpExchange exchange, URI store, byte[] body) throws IOException, InterruptedException {
        var headers = exchange.getRequestHeaders();
        var request = HttpRequest.newBuilder(store)
                .POST(BodyPublishers.ofByteArray(body))
                .header("Content-Type", TYPE)
                .header("X-Amz-Target", headers.getFirst("X-Amz-Target"))
                .header("X-Amz-Date", headers.getFirst("X-Amz-Date"))
                .header(
                        "Authorization",
                        headers.getFirst("Authorization").replaceFirst("Credential=[^/]+/", "Credential=local/"))
                .build();
        var answer = client.send(request, BodyHandlers.ofByteArray());
        send(exchange, answer.statusCode(), answer.body());
    }

    /// The code of what is wrong; empty when nothing is.
    private String fault(Headers headers, byte[] body) throws GeneralSecurityException {
        var given = AUTHORIZATION.matcher(
                Optional.ofNullable(headers.getFirst("Authorization")).orElse(""));
        if (!given.matches()) return "MissingAuthenticationTokenException";
        var id = given.group(1);
        var key = source.key(id);
        if (key == null) return "UnrecognizedClientException";
        if (!key.token().equals(headers.getFirst("X-Amz-Security-Token"))) return "UnrecognizedClientException";
        if (Instant.now().isAfter(key.ends())) return "ExpiredTokenException";
        var canonical = new StringBuilder("POST\n/\n\n");
        for (var name : given.group(3).split(";")) {
            canonical.append(name).append(':').append(headers.getFirst(name)).append('\n');
        }
        canonical.append('\n').append(given.group(3)).append('\n').append(SigV4.sha256(body));
        var right = SigV4.signature(key.secret(), headers.getFirst("X-Amz-Date"), given.group(2), canonical.toString());
        if (!right.equals(given.group(4))) return "InvalidSignatureException";
        used.add(id);
        return "";
    }

    @Override
    public void close() {
        server.stop(0);
        client.close();
    }
}
