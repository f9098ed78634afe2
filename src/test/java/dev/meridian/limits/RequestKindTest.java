package dev.meridian.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestKindTest {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
    private static final Set<RequestKind> CHEAP = Set.of(RequestKind.READ, RequestKind.LIST, RequestKind.FREE);

    @ParameterizedTest
    @CsvSource({
        "GET, /health, FREE",
        "GET, /assets/meridian.css, FREE",
        "GET, /assets, READ",
        "GET, /nowhere, READ",
        "POST, /nowhere, WRITE",
        "GET, /carts/ada/items, READ",
        "HEAD, /orders/o-1, READ",
        "GET, /, LIST",
        "GET, /catalog/search, LIST",
        "GET, /catalog/search/, LIST",
        "OPTIONS, /orders, LIST",
        "GET, /leaderboard/players/ada, LIST",
        "PUT, /carts/ada/items/p-1, WRITE",
        "GET, /carts/ada/merge, WRITE",
        "POST, /orders/o-1/cancel, WRITE",
        "POST, /checkout/ada/update, WRITE",
        "POST, /checkout/delivery, WRITE",
        "POST, /mysfits/m-1/adopt, WRITE",
        "POST, /mysfits/m-1/like, LIKE",
        "POST, /mysfits/m-1/like/, LIKE",
        "POST, /orders, ORDER",
        "POST, /orders/, ORDER",
        "POST, /v1/orders, ORDER",
        "POST, /checkout/ada/submit, ORDER",
        "POST, /checkout/payment, ORDER",
        "POST, /ticket, TICKET",
        "POST, /tickets, TICKET",
        "POST, /tickets/t-1, TICKET",
        "POST, /leaderboard, SCORE",
        "POST, /LATEST/builder, SCORE",
        "POST, /leaderboards, WRITE",
        "POST, /leaderboard/import, ADMIN",
        "GET, /admin/regions, ADMIN",
        "DELETE, /admin/customers/ada/data, ADMIN",
        "POST, /v1/fill, ADMIN",
        "GET, /administrators, READ"
    })
    void thePathAndTheMethodTell(String method, String path, RequestKind kind) {
        assertEquals(kind, RequestKind.of(HttpMethod.valueOf(method), path));
    }

    /// A new endpoint for administrators, or one that writes, must not be counted as something cheaper.
    @Test
    void everyOperationOfTheApiIsCountedAsWhatItIs() throws IOException {
        var wrong = new TreeMap<String, RequestKind>();
        var admin = new TreeSet<String>();
        var paths = new ObjectMapper()
                .readTree(Path.of("docs/openapi.json").toFile())
                .path("paths");
        for (var path : paths.properties()) {
            for (var operation : path.getValue().properties()) {
                if (!METHODS.contains(operation.getKey())) continue;
                var method = HttpMethod.valueOf(operation.getKey().toUpperCase(Locale.ROOT));
                var name = method + " " + path.getKey();
                var counted = RequestKind.of(method, path.getKey().replaceAll("\\{[^}]+}", "x-1"));
                // A session that has ended is no lack of an administrator's token.
                boolean isAdmin = operation.getValue().path("responses").has("401")
                        && !path.getKey().equals("/sessions");
                if (isAdmin) admin.add(name);
                boolean isCheap = CHEAP.contains(counted) && method != HttpMethod.GET;
                if (isAdmin != (counted == RequestKind.ADMIN) || isCheap) wrong.put(name, counted);
            }
        }
        assertEquals(new TreeMap<>(), wrong);
        assertTrue(admin.size() >= 8, admin::toString);
    }
}
