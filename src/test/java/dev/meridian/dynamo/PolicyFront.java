package dev.meridian.dynamo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A front of a local DynamoDB that allows what an IAM policy allows, and refuses all else as AWS does. Local
/// stores have no IAM.
final class PolicyFront implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> NOT_COPIED =
            Set.of("host", "connection", "content-length", "expect", "upgrade", "transfer-encoding");

    private final URI store;
    private final Set<String> allowed;
    private final Set<String> used = new ConcurrentSkipListSet<>();
    private final Set<String> refused = new ConcurrentSkipListSet<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    PolicyFront(URI store, Path policy) throws IOException {
        this.store = store;
        this.allowed = permissions(JSON.readTree(Files.readString(policy)));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /// What the policy allows: actions and resources as `GetItem table/meridian-carts`, in whatever Region.
    Set<String> allowed() {
        return allowed;
    }

    /// What was asked for and allowed.
    Set<String> used() {
        return new TreeSet<>(used);
    }

    /// What was asked for and is not allowed.
    Set<String> refused() {
        return new TreeSet<>(refused);
    }

    private static Set<String> permissions(JsonNode policy) {
        var permissions = new TreeSet<String>();
        for (var statement : policy.path("Statement")) {
            for (var action : statement.path("Action")) {
                for (var resource : statement.path("Resource")) {
                    permissions.add(action.asText().replace("dynamodb:", "") + " "
                            + resource.asText().split(":", 6)[5]);
                }
            }
        }
        return permissions;
    }

    /// What a request needs, as [#allowed] has it.
    private static Set<String> needs(String operation, JsonNode request) {
        var needs = new TreeSet<String>();
        if (request.has("TableName")) {
            var index = request.has("IndexName") ? "/index/*" : "";
            needs.add(operation + " table/" + request.path("TableName").asText() + index);
        }
        request.path("RequestItems").fieldNames().forEachRemaining(table -> needs.add(operation + " table/" + table));
        for (var part : request.path("TransactItems")) {
            part.properties()
                    .forEach(entry -> needs.add(
                            (entry.getKey().equals("ConditionCheck") ? "ConditionCheckItem" : entry.getKey() + "Item")
                                    + " table/"
                                    + entry.getValue().path("TableName").asText()));
        }
        if (needs.isEmpty()) needs.add(operation + " *");
        return needs;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            var target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            var needs = needs(target.substring(target.indexOf('.') + 1), JSON.readTree(body));
            if (!allowed.containsAll(needs)) {
                needs.stream().filter(need -> !allowed.contains(need)).forEach(refused::add);
                answer(exchange, 400, """
                        {"__type":"com.amazon.coral.service#AccessDeniedException","Message":"not authorized"}""".getBytes());
                return;
            }
            used.addAll(needs);
            var request = HttpRequest.newBuilder(store).POST(BodyPublishers.ofByteArray(body));
            exchange.getRequestHeaders().forEach((name, values) -> {
                if (!NOT_COPIED.contains(name.toLowerCase(Locale.ROOT)))
                    values.forEach(value -> request.header(name, value));
            });
            var answer = client.send(request.build(), BodyHandlers.ofByteArray());
            answer(exchange, answer.statusCode(), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
        client.close();
    }
}
