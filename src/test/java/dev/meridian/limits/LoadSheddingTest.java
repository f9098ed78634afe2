package dev.meridian.limits;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.RawConnection;
import dev.meridian.testing.TestProducts;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.postgresql.Driver;

/// Four requests may be under way, two of them lists and three of them no orders. Locks in PostgreSQL hold
/// requests open: nothing depends on how fast the machine is.
@QuarkusTest
@ComponentTest
@WithTestResource(LoadSheddingTest.Limit.class)
class LoadSheddingTest {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final String MYSFIT = "4e53920c-505a-4a90-a694-b9300791f0ae";

    /// The limit does not adapt itself.
    public static class Limit implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            return Map.of(
                    "meridian.shedding.enabled", "true",
                    "meridian.shedding.limit-min", "4",
                    "meridian.shedding.limit-max", "4",
                    // The locks are held for longer than a fast machine needs and a slow one may take.
                    "meridian.sql.read-timeout", "60s",
                    "meridian.sql.write-timeout", "60s",
                    "meridian.sql.silence-limit", "60s");
        }

        @Override
        public void stop() {
            // Nothing was started.
        }
    }

    /// A table that nobody else can read or write until it is closed, and the requests that wait for it.
    private static final class Held implements AutoCloseable {
        private final Connection connection;
        private final List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();

        Held(String table) throws SQLException {
            var login = new Properties();
            login.setProperty("user", "postgres");
            login.setProperty("password", "postgres");
            connection = new Driver().connect("jdbc:" + System.getProperty("stores.meridian.sql.writer-url"), login);
            connection.setAutoCommit(false);
            connection.createStatement().execute("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
        }

        /// Sends a request, and waits until it waits for the table.
        void request(String method, String path) throws SQLException {
            int before = waitingInSql();
            waiting.add(CLIENT.sendAsync(
                    HttpRequest.newBuilder(Http.uri(path))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofString()));
            await().atMost(Duration.ofSeconds(20)).until(() -> waitingInSql() > before);
        }

        private int waitingInSql() throws SQLException {
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT count(*) FROM pg_locks WHERE NOT granted")) {
                rows.next();
                return rows.getInt(1);
            }
        }

        List<Integer> answers() throws SQLException {
            connection.rollback();
            return waiting.stream().map(answer -> answer.join().statusCode()).toList();
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    private static String order(String product) {
        return """
                {"shippingAddress":{"firstName":"Ada","lastName":"Example","email":"ada@example.com",
                 "address1":"1 Harbour Lane","city":"Springfield","state":"WA","zipCode":"98109"},
                 "items":[{"productId":"%s","quantity":1}]}""".formatted(product);
    }

    private static String placeOrder(String product, String customer) {
        return given().contentType("application/json")
                .header("Idempotency-Key", Http.anId("key"))
                .header("X-Customer-Id", customer)
                .body(order(product))
                .post("/orders")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }

    @Test
    void listsAreRefusedAndOrdersAreTaken() throws SQLException {
        var product = TestProducts.create(100, 10);
        var customer = Http.anId("customer");
        try (var held = new Held("tags")) {
            held.request("GET", "/catalog/tags");
            held.request("GET", "/catalogue/tags");
            given().get("/catalog/products")
                    .then()
                    .statusCode(503)
                    .contentType("application/problem+json")
                    .header("Retry-After", equalTo("1"))
                    .header("X-Region", equalTo("eu-west-1"))
                    .header("X-Content-Type-Options", equalTo("nosniff"))
                    .header("Cache-Control", equalTo("no-store"))
                    .header("X-Amzn-Trace-Id", not(nullValue()))
                    .body("type", equalTo("urn:meridian:problem:overloaded"))
                    .body("status", equalTo(503))
                    .body("traceId", not(equalTo("00000000000000000000000000000000")));
            given().get("/mysfits").then().statusCode(503);
            var id = placeOrder(product, customer);
            given().header("X-Customer-Id", customer)
                    .get("/orders/" + id)
                    .then()
                    .statusCode(200)
                    .body("id", equalTo(id));
            given().get("/carts/nobody").then().statusCode(200);
            given().get("/health").then().statusCode(200);
            assertEquals(List.of(200, 200), held.answers());
        }
        given().get("/catalog/products").then().statusCode(200);
    }

    @Test
    void ordersGoBeforeEverythingElse() throws SQLException, IOException {
        var product = TestProducts.create(100, 10);
        try (var lists = new Held("tags");
                var items = new Held("adoptions")) {
            lists.request("GET", "/catalog/tags");
            lists.request("GET", "/catalog/tags?x=2");
            items.request("POST", "/mysfits/" + MYSFIT + "/adopt");
            given().get("/carts/nobody").then().statusCode(503);
            placeOrder(product, Http.anId("customer"));
            theBodyIsNotAwaited();
            given().get("/health").then().statusCode(200);
            given().get("/assets/meridian.css").then().statusCode(200);
            assertEquals(List.of(200, 200), lists.answers());
            assertTrue(items.answers().getFirst() < 300, "adopted");
        }
    }

    private static void theBodyIsNotAwaited() throws IOException {
        try (var connection = new RawConnection(RestAssured.port)) {
            connection.send("POST /carts/nobody/items HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n{");
            connection.isClosedWithin(Duration.ofMillis(800));
            assertTrue(connection.received().startsWith("HTTP/1.1 503 "), connection::received);
            assertTrue(connection.isClosedWithin(Duration.ofSeconds(8)), "what never comes is not awaited for long");
        }
    }

    /// Whoever sends slowly takes nobody's place.
    @Test
    void aRequestCountsWhenItsBodyHasArrived() throws IOException {
        var connections = new ArrayList<RawConnection>();
        try {
            for (int i = 0; i < 6; i++) {
                var connection = new RawConnection(RestAssured.port);
                connections.add(connection);
                connection.send("POST /carts/nobody/items HTTP/1.1\r\nHost: localhost\r\n"
                        + "Content-Type: application/json\r\nContent-Length: 50\r\n\r\n{");
                connection.isClosedWithin(Duration.ofMillis(50));
            }
            given().get("/catalog/products").then().statusCode(200);
        } finally {
            for (var connection : connections) connection.close();
        }
    }

    /// The bulkhead of orders has its own bounds: it must not close the door for others.
    @Test
    void ordersThatWaitForTheWriterAreNotUnderWay() throws SQLException {
        var product = TestProducts.create(100, 10);
        try (var held = new Held("order_lines")) {
            var orders = new ArrayList<CompletableFuture<HttpResponse<String>>>();
            for (int i = 0; i < 6; i++) {
                orders.add(CLIENT.sendAsync(
                        HttpRequest.newBuilder(Http.uri("/orders"))
                                .header("Content-Type", "application/json")
                                .header("Idempotency-Key", Http.anId("key"))
                                .header("X-Customer-Id", Http.anId("customer"))
                                .POST(HttpRequest.BodyPublishers.ofString(order(product)))
                                .build(),
                        BodyHandlers.ofString()));
                // A list is taken while one other request is under way at most.
                await().atMost(Duration.ofSeconds(5))
                        .until(() -> given().get("/catalog/products").statusCode() == 200);
            }
            assertTrue(held.waitingInSql() > 0, "the orders wait");
            held.answers();
            for (var order : orders) assertTrue(order.join().statusCode() < 300, order.join()::body);
        }
    }

    @Test
    void browsersGetAPage() throws SQLException {
        try (var held = new Held("tags")) {
            held.request("GET", "/catalog/tags");
            held.request("GET", "/catalog/tags");
            given().accept("text/html,application/xhtml+xml")
                    .get("/mysfits")
                    .then()
                    .statusCode(503)
                    .contentType("text/html")
                    .header("Retry-After", equalTo("1"))
                    .body(containsString("Try again"));
            given().header("Origin", "https://elsewhere.example")
                    .get("/mysfits")
                    .then()
                    .statusCode(503)
                    .header("Access-Control-Allow-Origin", equalTo("https://elsewhere.example"));
            held.answers();
        }
    }
}
