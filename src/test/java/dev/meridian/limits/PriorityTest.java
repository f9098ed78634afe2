package dev.meridian.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriorityTest {
    private static Priority of(String method, String path) {
        return Priority.of(RequestKind.of(HttpMethod.valueOf(method), path), path);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /health, ALWAYS",
        "GET, /assets/meridian.css, ALWAYS",
        "PUT, /admin/regions/eu-west-1, ALWAYS",
        "POST, /leaderboard/import, ALWAYS",
        "POST, /v1/fill, ALWAYS",
        "POST, /orders, ORDER",
        "POST, /v1/orders, ORDER",
        "GET, /orders/o-1, ORDER",
        "GET, /orders/o-1/history, ORDER",
        "POST, /orders/o-1/cancel, ORDER",
        "POST, /checkout/ada/submit, ORDER",
        "POST, /checkout/ada/update, ORDER",
        "GET, /checkout, ORDER",
        "GET, /checkout/payment, ORDER",
        "POST, /checkout/payment, ORDER",
        "GET, /carts/ada, ITEM",
        "POST, /carts/ada/items, ITEM",
        "POST, /mysfits/m-1/like, ITEM",
        "GET, /catalog/products/p-1, ITEM",
        "GET, /nowhere, ITEM",
        "GET, /orders, LIST",
        "GET, /, LIST",
        "GET, /catalog/products, LIST",
        "GET, /catalog/search, LIST",
        "GET, /mysfits, LIST",
        "GET, /leaderboard, LIST"
    })
    void thePathAndTheMethodTell(String method, String path, Priority priority) {
        assertEquals(priority, of(method, path));
    }

    @Test
    void requestsAreAlikeByMethodClassAndFirstSegment() {
        int carts = alike("GET", "/carts/ada");
        assertEquals(carts, alike("GET", "/carts/bob/items"));
        assertNotEquals(carts, alike("DELETE", "/carts/ada"));
        assertNotEquals(carts, alike("GET", "/customers/ada"));
        assertNotEquals(alike("GET", "/catalog/products"), alike("GET", "/catalog/products/p-1"));
    }

    private static int alike(String method, String path) {
        return LoadShedding.alike(HttpMethod.valueOf(method), path, of(method, path));
    }
}
