package dev.meridian.lab.page;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One request to the server of the lab's page: its origin check and its response.
final class LabExchange {
    static final String JSON = "application/json";

    private LabExchange() {}

    /// Whether the Host header names this host (against DNS rebinding) and the request does not come from
    /// another site.
    ///
    /// @param port of this host
    static boolean isOurs(HttpExchange exchange, int port) {
        var headers = exchange.getRequestHeaders();
        var host = Optional.ofNullable(headers.getFirst("Host")).orElse("").toLowerCase(Locale.ROOT);
        if (!host.equals("127.0.0.1:" + port) && !host.equals("localhost:" + port)) return false;
        if (!exchange.getRequestMethod().equals("POST")) return true;
        var site = headers.getFirst("Sec-Fetch-Site");
        var origin = headers.getFirst("Origin");
        return (site == null || site.equals("same-origin")) && (origin == null || origin.equals("http://" + host));
    }

    static String region(HttpExchange exchange) {
        var query = exchange.getRequestURI().getQuery();
        return query != null && query.startsWith("region=") ? query.substring("region=".length()) : "";
    }

    static byte[] event(String name, String json) {
        return ("event: " + name + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    static void refuse(HttpExchange exchange, int status, String detail) throws IOException {
        answer(exchange, status, JSON, StateFeed.json(Map.of("detail", String.valueOf(detail))));
    }

    static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        LabPages.headers(exchange.getResponseHeaders(), type);
        boolean isHead = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, isHead ? -1 : bytes.length);
        if (!isHead) exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
