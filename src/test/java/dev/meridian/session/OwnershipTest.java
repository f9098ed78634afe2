package dev.meridian.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.TestProducts;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What belongs to a visitor answers only that visitor's session, by JSON and by page.
@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class OwnershipTest {
    private static final String PAGE = "text/html";
    private static final String ADDRESS = """
            {"firstName":"Nadia","lastName":"Okafor","email":"nadia@example.com","address1":"12 Hidden Row",
             "city":"Port Isle","%s":"04521","state":"ME"}""";

    /// A visitor, as a browser and as a client without cookies.
    private record Guest(String id, String cookie, String bearer) {
        static Guest begin() throws Exception {
            var answer = Http.send("POST", "/sessions", null);
            assertEquals(201, answer.statusCode(), answer::body);
            var json = JsonPath.from(answer.body());
            var token = json.getString("token");
            return new Guest(json.getString("customerId"), "meridian-session=" + token, "Bearer " + token);
        }

        /// Each way to be this visitor.
        List<String[]> ways() {
            return List.of(new String[] {"Cookie", cookie}, new String[] {"Authorization", bearer});
        }
    }

    private record Call(String method, String path, String body) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /// What is sent as strangers, for the test that nothing is left out.
    static List<String> tried() {
        var tried = new ArrayList<String>();
        for (var call : calls("visitor-a", "p-1")) tried.add(call.toString());
        for (var call : ofOrder("/orders/o-1")) tried.add(call.toString());
        tried.addAll(List.of("POST /v1/orders", "GET /v1/orders"));
        return tried;
    }

    private static List<Call> ofOrder(String path) {
        return List.of(
                new Call("GET", path, null),
                new Call("GET", path + "/history", null),
                new Call("GET", path + "?link=made-up", null),
                new Call("POST", path + "/cancel", null));
    }

    private static HttpResponse<String> send(Call call, String... headers) throws Exception {
        return Http.send(call.method(), call.path(), call.body(), headers);
    }

    private static String order(String product) {
        return "{\"items\":[{\"productId\":\"" + product + "\",\"quantity\":1}],\"shippingAddress\":"
                + ADDRESS.formatted("zipCode") + "}";
    }

    private static List<Call> calls(String id, String product) {
        var line = "{\"itemId\":\"" + product + "\",\"quantity\":2}";
        var checkout = "{\"items\":[{\"id\":\"" + product + "\",\"quantity\":1}],\"shippingAddress\":"
                + ADDRESS.formatted("zip") + ",\"deliveryOptionToken\":\"priority-mail\"}";
        return List.of(
                new Call("GET", "/carts/" + id, null),
                new Call("GET", "/carts/" + id + "/items", null),
                new Call("POST", "/carts/" + id + "/items", line),
                new Call("PATCH", "/carts/" + id + "/items", line),
                new Call("PUT", "/carts/" + id + "/items/" + product, "{\"quantity\":1}"),
                new Call("GET", "/carts/" + id + "/items/" + product, null),
                new Call("DELETE", "/carts/" + id + "/items/" + product, null),
                new Call("POST", "/carts/" + id + "/merge?sessionId=" + Http.anId("s"), null),
                new Call("POST", "/carts/" + Http.anId("c") + "/merge?sessionId=" + id, null),
                new Call("GET", "/carts/" + Http.anId("c") + "/merge?sessionId=" + id, null),
                new Call("DELETE", "/carts/" + id, null),
                new Call("POST", "/checkout/" + id + "/update", checkout),
                new Call("GET", "/checkout/" + id, null),
                new Call("POST", "/checkout/" + id + "/submit", null),
                new Call("PUT", "/customers/" + id, "{\"name\":\"Nadia\",\"addresses\":[]}"),
                new Call("GET", "/customers/" + id, null),
                new Call("GET", "/orders?customerId=" + id, null));
    }

    @TestFactory
    Stream<DynamicTest> aVisitorsThingsAreThereForTheVisitorAlone() throws Exception {
        var owner = Guest.begin();
        var other = Guest.begin();
        var product = TestProducts.create(100, 100);
        return calls(owner.id(), product).stream()
                .map(call -> DynamicTest.dynamicTest(call.toString(), () -> {
                    for (var stranger : strangers(other, owner)) {
                        var answer = send(call, stranger);
                        assertEquals(404, answer.statusCode(), () -> String.join(": ", stranger) + answer.body());
                        assertFalse(answer.body().contains("Hidden"), answer::body);
                    }
                    for (var way : owner.ways()) {
                        var answer = send(call, way);
                        assertEquals(2, answer.statusCode() / 100, answer::body);
                    }
                }));
    }

    /// Nobody, another visitor, one who names the owner, one with a forged session.
    private static List<String[]> strangers(Guest other, Guest owner) {
        return List.of(
                new String[0],
                new String[] {"Cookie", other.cookie()},
                new String[] {"Authorization", other.bearer()},
                new String[] {"X-Customer-Id", owner.id()},
                new String[] {"Cookie", owner.cookie() + "x"},
                new String[] {"Cookie", "meridian-session=" + owner.id()},
                new String[] {"Authorization", "Bearer " + owner.id()},
                new String[] {"Authorization", "AWS4-HMAC-SHA256 Credential=AKID/20260301/eu-west-1/execute-api"});
    }

    @Test
    void anOrderIsThereForItsVisitorAndForItsLink() throws Exception {
        var owner = Guest.begin();
        var other = Guest.begin();
        var product = TestProducts.create(100, 10);
        var placed = Http.send("POST", "/orders", order(product), "Authorization", owner.bearer());
        assertEquals(200, placed.statusCode(), placed::body);
        var json = JsonPath.from(placed.body());
        assertEquals(owner.id(), json.getString("customerId"));
        var path = "/orders/" + json.getString("id");
        var unknown = Http.send("GET", "/orders/no-such-order", null);
        for (var stranger : strangers(other, owner)) {
            for (var call : ofOrder(path)) {
                var answer = send(call, stranger);
                assertEquals(404, answer.statusCode(), call::toString);
                assertEquals(
                        JsonPath.from(unknown.body()).getString("type"),
                        JsonPath.from(answer.body()).getString("type"),
                        "as one that is not there");
            }
        }
        for (var headers :
                List.of(new String[] {"Accept", PAGE}, new String[] {"Accept", PAGE, "Cookie", other.cookie()})) {
            assertEquals(404, Http.send("GET", path, null, headers).statusCode());
            assertEquals(404, Http.send("POST", path + "/cancel", null, headers).statusCode());
        }
        var page = Http.send("GET", path, null, "Accept", PAGE, "Cookie", owner.cookie());
        assertEquals(200, page.statusCode(), page::body);
        assertTrue(page.body().contains("12 Hidden Row"), page::body);
        var link = page.body().replaceFirst("(?s).*href=\"(" + path + "[?]link=[^\"]*)\".*", "$1");
        opensToRead(path, link, other);
        for (var way : owner.ways()) {
            assertEquals(200, Http.send("GET", path, null, way).statusCode());
            assertEquals(200, Http.send("POST", path + "/cancel", null, way).statusCode());
        }
    }

    private static void opensToRead(String path, String link, Guest other) throws Exception {
        var json = Http.send("GET", link, null, "Cookie", other.cookie());
        assertEquals(200, json.statusCode(), json::body);
        var page = Http.send("GET", link, null, "Accept", PAGE);
        assertEquals(200, page.statusCode(), page::body);
        assertTrue(page.body().contains("12 Hidden Row"), page::body);
        assertFalse(page.body().contains("Cancel the order"), page::body);
        assertFalse(page.body().contains("?link="), page::body);
        assertEquals(200, Http.send("GET", link.replace("?", "/history?"), null).statusCode());
        assertEquals(404, Http.send("POST", link.replace("?", "/cancel?"), null).statusCode());
        assertEquals(404, Http.send("GET", link.replace(path, path + "x"), null).statusCode(), "of this order alone");
    }

    @Test
    void aCustomerOfAnApiIsBelieved() throws Exception {
        var customer = Http.anId("c");
        assertEquals(200, Http.send("GET", "/carts/" + customer, null).statusCode());
        var placed = Http.send("POST", "/orders", order(TestProducts.create(100, 10)), "X-Customer-Id", customer);
        var path = "/orders/" + JsonPath.from(placed.body()).getString("id");
        assertEquals(200, Http.send("GET", path, null).statusCode());
    }

    @Test
    void nobodyOrdersForAVisitor() throws Exception {
        var owner = Guest.begin();
        var order = order(TestProducts.create(100, 10));
        assertEquals(
                403,
                Http.send("POST", "/orders", order, "X-Customer-Id", owner.id()).statusCode());
        assertEquals(
                200,
                Http.send("POST", "/orders", order, "X-Customer-Id", owner.id(), "Cookie", owner.cookie())
                        .statusCode());
    }

    @Test
    void aUnitOrderOfAVisitorIsThereForTheVisitorAlone() throws Exception {
        var owner = Guest.begin();
        var product = TestProducts.create(100, 10);
        assertEquals(
                201,
                Http.send("PUT", "/customers/" + owner.id(), "{\"name\":\"Nadia\"}", "Cookie", owner.cookie())
                        .statusCode());
        var ids = "orderId=" + Http.anId("o") + "&productId=" + product;
        var place = new Call("POST", "/v1/orders?customerId=" + owner.id() + "&" + ids, null);
        var read = new Call("GET", "/v1/orders?" + ids, null);
        assertEquals(404, send(place).statusCode());
        assertEquals(200, send(place, "Cookie", owner.cookie()).statusCode());
        assertEquals(404, send(read).statusCode());
        assertEquals(200, send(read, "Cookie", owner.cookie()).statusCode());
    }

    /// A browser sends the cookie with what a page of another site makes it send.
    @Test
    void aCookieDoesNotActForAnotherSite() throws Exception {
        var owner = Guest.begin();
        var call = new Call("DELETE", "/carts/" + owner.id(), null);
        for (var site : List.of("cross-site", "same-site")) {
            var answer = send(call, "Cookie", owner.cookie(), "Sec-Fetch-Site", site);
            assertEquals(404, answer.statusCode(), site);
        }
        assertEquals(
                202,
                send(call, "Cookie", owner.cookie(), "Sec-Fetch-Site", "same-origin")
                        .statusCode());
        // A bearer is sent by those alone who know it.
        assertEquals(
                202,
                send(call, "Authorization", owner.bearer(), "Sec-Fetch-Site", "cross-site")
                        .statusCode());
        // Who follows a link to a page of ours stays the visitor.
        var read = new Call("GET", "/carts/" + owner.id(), null);
        assertEquals(
                200,
                send(read, "Cookie", owner.cookie(), "Sec-Fetch-Site", "cross-site")
                        .statusCode());
    }

    @Test
    void aSessionIsContinuedAndAnEndedOneIsSaid() throws Exception {
        var owner = Guest.begin();
        var again = Http.send("POST", "/sessions", null, "Authorization", owner.bearer());
        assertEquals(201, again.statusCode(), again::body);
        assertEquals(owner.id(), JsonPath.from(again.body()).getString("customerId"));
        assertEquals("no-store", again.headers().firstValue("Cache-Control").orElse(""));
        var ended = owner.bearer() + "x";
        for (var call : List.of(
                new Call("POST", "/sessions", null),
                new Call("GET", "/carts/" + owner.id(), null),
                new Call("POST", "/orders", order(TestProducts.create(100, 10))))) {
            var answer = send(call, "Authorization", ended);
            assertEquals(401, answer.statusCode(), call::toString);
            assertTrue(answer.headers().firstValue("WWW-Authenticate").isPresent(), call::toString);
        }
        // What belongs to nobody is there for everybody.
        assertEquals(
                200,
                Http.send("GET", "/catalog/size", null, "Authorization", ended).statusCode());
    }
}
