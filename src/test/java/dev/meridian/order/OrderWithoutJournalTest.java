package dev.meridian.order;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.meridian.ComponentTest;
import dev.meridian.shared.Ids;
import dev.meridian.testing.Http;
import dev.meridian.testing.TestProducts;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Orders while DynamoDB is unavailable (its tables are missing, which looks the same to a caller), and with
/// the journal switched off by an operator.
@QuarkusTest
@ComponentTest
@Tag("dynamodb")
@TestProfile(OrderWithoutJournalTest.NoTables.class)
class OrderWithoutJournalTest {
    public static class NoTables implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "meridian.tables.prefix", "missing-",
                    "meridian.tables.create", "false",
                    "meridian.sample-data.enabled", "false",
                    "meridian.sample-data.fill-enabled", "false",
                    "meridian.admin.token", "a-test-token");
        }
    }

    private static void isUnavailable(ValidatableResponse response) {
        response.statusCode(503)
                .contentType("application/problem+json")
                .header("Retry-After", notNullValue())
                .body("type", equalTo("urn:meridian:problem:store-unavailable"));
    }

    @Test
    void nothingIsSoldThatIsNotInTheJournal() throws Exception {
        var product = TestProducts.create(100, 10);
        isUnavailable(given().contentType(ContentType.JSON)
                .body(OrderResourceTest.order("a@example.com", product, "1"))
                .post("/orders")
                .then());
        assertEquals(10, OrderStores.stock(product));
    }

    @Test
    void noProductIsChangedWithoutTheJournalOfTheCatalog() throws Exception {
        var product = TestProducts.create(100, 10);
        var admin = given().header("Authorization", "Bearer a-test-token").contentType(ContentType.JSON);
        isUnavailable(admin.body("{\"add\":5}")
                .patch("/catalog/products/" + product + "/stock")
                .then());
        isUnavailable(given().header("Authorization", "Bearer a-test-token")
                .contentType(ContentType.JSON)
                .body("{\"name\":\"N\",\"description\":\"\",\"price\":1,\"tags\":[],\"stock\":3}")
                .put("/catalog/products/" + product)
                .then());
        assertEquals(10, OrderStores.stock(product));
    }

    @Test
    void ordersInSqlAreReadAndOthersAreNotDenied() throws Exception {
        var id = Ids.derive("test", Http.anId("order"));
        var customer = Http.anId("c");
        OrderStores.run("""
                INSERT INTO orders (id, customer_id, idempotency_key, payload_hash, status, region, created_at,
                                    subtotal_minor)
                VALUES (?, ?, 'k', 'h', 'CONFIRMED', 'eu-west-1', now(), 0)""", id, customer);
        OrderStores.run(
                "INSERT INTO order_lines (order_id, line, product_id, quantity, unit_minor) VALUES (?, 1, 'p', 2, 0)",
                id);
        given().get("/orders/" + id).then().statusCode(200).body("status", equalTo("CONFIRMED"));
        given().get("/orders?customerId=" + customer).then().statusCode(200).body("id", contains(id));
        isUnavailable(given().get("/orders/" + Ids.derive("no", "order")).then());
        isUnavailable(given().post("/orders/" + id + "/cancel").then());
        assertEquals("CONFIRMED", OrderStores.value("SELECT status FROM orders WHERE id = ?", id));
    }

    @Test
    void fillIsForAdministratorsAndOffUnlessAskedFor() {
        var path = "/v1/fill?cust=0&order=0&product=0";
        given().post(path).then().statusCode(401).body("type", equalTo("urn:meridian:problem:unauthenticated"));
        given().header("Authorization", "Bearer a-test-token")
                .post(path)
                .then()
                .statusCode(403)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:meridian:problem:forbidden"));
    }
}
