package dev.meridian.oidc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.TestProducts;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Who may do what with a token of the provider, where identity is `oidc`.
@QuarkusTest
@ComponentTest
@WithTestResource(TestProvider.class)
@Tag("dynamodb")
class BearersTest {
    private static final String ORDER = """
            {"items":[{"productId":"%s","quantity":1}],"shippingAddress":{"firstName":"Nadia","lastName":"Okafor",
             "email":"nadia@example.com","address1":"12 Hidden Row","city":"Port Isle","zipCode":"04521","state":"ME"}}""";

    private static final String TICKET = """
            {%s"description":"The like button is stuck.","assigned":"","priority":"high","status":"open",
             "createdBy":"visitor@example.com"}""";

    private static final String PRODUCT = """
            {"name":"Kite","description":"Flies.","price":12,"imageUrl":"/kite.png","tags":[],"stock":5}""";

    private record Call(String method, String path, String body) {
        int status(String... headers) throws Exception {
            return Http.send(method, path, body, headers).statusCode();
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /// The service reads the keys in the background.
    @BeforeEach
    void keysAreThere() {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            var answer = Http.send("GET", "/catalog/size", null, "Authorization", TestProvider.person("s-1"));
            return answer.statusCode() == 200;
        });
    }

    private static String aSubject() {
        return Http.anId("s");
    }

    private static List<Call> calls(String customer, String product) {
        var line = "{\"itemId\":\"" + product + "\",\"quantity\":2}";
        return List.of(
                new Call("POST", "/carts/" + customer + "/items", line),
                new Call("GET", "/carts/" + customer, null),
                new Call("GET", "/carts/" + customer + "/items/" + product, null),
                new Call("DELETE", "/carts/" + customer, null),
                new Call("PUT", "/customers/" + customer, "{\"name\":\"Nadia\",\"addresses\":[]}"),
                new Call("GET", "/customers/" + customer, null),
                new Call("GET", "/orders?customerId=" + customer, null));
    }

    @TestFactory
    Stream<DynamicTest> whatIsACustomersIsForTheCustomerAndTheMachineThatNamesIt() {
        var owner = aSubject();
        var id = "u-" + owner;
        var product = TestProducts.create(100, 100);
        return calls(id, product).stream()
                .map(call -> DynamicTest.dynamicTest(call.toString(), () -> {
                    boolean isRead = call.method().equals("GET");
                    assertEquals(401, call.status());
                    assertEquals(401, call.status("X-Customer-Id", id), "believed");
                    assertEquals(
                            401, call.status("Authorization", "AWS4-HMAC-SHA256 Credential=AKID", "X-Customer-Id", id));
                    assertEquals(404, call.status("Authorization", TestProvider.person(aSubject())));
                    assertEquals(
                            404, call.status("Authorization", TestProvider.person(aSubject()), "X-Customer-Id", id));
                    assertEquals(
                            404, call.status("Authorization", TestProvider.machine(), "X-Customer-Id", id), "no scope");
                    assertEquals(
                            404, call.status("Authorization", TestProvider.machine("machine"), "X-Customer-Id", id));
                    assertEquals(
                            404,
                            call.status("Authorization", TestProvider.machine("meridian/machine")),
                            "names nobody");
                    assertEquals(404, call.status("Authorization", TestProvider.person(aSubject(), "catalog")));
                    for (var way : List.of(
                            new String[] {"Authorization", TestProvider.person(owner)},
                            new String[] {"Authorization", TestProvider.machine("meridian/machine"), "X-Customer-Id", id
                            },
                            new String[] {"Authorization", TestProvider.person(aSubject(), "operator")},
                            new String[] {"Authorization", "Bearer " + TestProvider.ADMIN})) {
                        assertEquals(2, call.status(way) / 100, String.join(" ", way));
                        if (call.method().equals("DELETE"))
                            calls(id, product).getFirst().status(way);
                    }
                    var support = call.status("Authorization", TestProvider.person(aSubject(), "support"));
                    assertEquals(isRead ? 2 : 4, support / 100, "support reads: " + support);
                }));
    }

    @Test
    void anOrderIsTheCustomersAndSupportCancelsIt() throws Exception {
        var owner = TestProvider.person(aSubject());
        var placed =
                Http.send("POST", "/orders", ORDER.formatted(TestProducts.create(100, 10)), "Authorization", owner);
        assertEquals(200, placed.statusCode(), placed::body);
        var path = "/orders/" + JsonPath.from(placed.body()).getString("id");
        var stranger = TestProvider.person(aSubject());
        for (var call : List.of(new Call("GET", path, null), new Call("GET", path + "/history", null))) {
            assertEquals(401, call.status());
            assertEquals(404, call.status("Authorization", stranger));
            assertEquals(200, call.status("Authorization", owner));
            assertEquals(200, call.status("Authorization", TestProvider.person(aSubject(), "support")));
        }
        assertEquals(401, new Call("GET", "/orders/no-such-order", null).status(), "as one that is there");
        var cancel = new Call("POST", path + "/cancel", null);
        assertEquals(401, cancel.status());
        assertEquals(404, cancel.status("Authorization", stranger));
        assertEquals(404, cancel.status("Authorization", TestProvider.person(aSubject(), "catalog")));
        assertEquals(200, cancel.status("Authorization", TestProvider.person(aSubject(), "support")));
    }

    @Test
    void aGuestShopsWithoutTheProviderAndNamesNobody() throws Exception {
        var session = Http.send("POST", "/sessions", null);
        assertEquals(201, session.statusCode(), session::body);
        var bearer = "Bearer " + JsonPath.from(session.body()).getString("token");
        var id = JsonPath.from(session.body()).getString("customerId");
        var cart = new Call("GET", "/carts/" + id, null);
        assertEquals(200, cart.status("Authorization", bearer));
        assertEquals(401, cart.status());
        assertEquals(404, cart.status("Authorization", TestProvider.machine("meridian/machine"), "X-Customer-Id", id));
        var order = new Call("POST", "/orders", ORDER.formatted(TestProducts.create(100, 10)));
        assertEquals(200, order.status("Authorization", bearer));
        assertEquals(200, order.status());
        assertEquals(403, order.status("Authorization", bearer, "X-Customer-Id", "u-somebody"));
        assertEquals(401, order.status("X-Customer-Id", "u-somebody"));
        assertEquals(403, order.status("Authorization", TestProvider.machine()));
        assertEquals(401, new Call("POST", "/mysfits/no-such-mysfit/adopt", null).status("Authorization", bearer));
        assertEquals(
                404,
                new Call("POST", "/mysfits/no-such-mysfit/adopt", null)
                        .status("Authorization", TestProvider.person(aSubject())));
    }

    @Test
    void eachRoleHasItsOwnCalls() throws Exception {
        var product = new Call("PUT", "/catalog/products/" + Http.anId("p"), PRODUCT);
        var region = new Call("GET", "/admin/regions", null);
        var tickets = new Call("GET", "/ticket", null);
        var allowed = Map.of(product, "catalog", region, "operator", tickets, "support");
        for (var call : allowed.keySet()) {
            assertEquals(401, call.status(), call::toString);
            var guest = Http.send("POST", "/sessions", null);
            var bearer = "Bearer " + JsonPath.from(guest.body()).getString("token");
            assertEquals(403, call.status("Authorization", bearer), call::toString);
            assertEquals(403, call.status("Authorization", TestProvider.person(aSubject())), call::toString);
            assertEquals(403, call.status("Authorization", TestProvider.person(aSubject(), "Operator", "admin")));
            assertEquals(
                    403, call.status("Authorization", TestProvider.machine("meridian/machine", "meridian/operator")));
            assertEquals(2, call.status("Authorization", "Bearer " + TestProvider.ADMIN) / 100, call::toString);
            for (var role : List.of("support", "catalog", "operator")) {
                int status = call.status("Authorization", TestProvider.person(aSubject(), role, "other"));
                assertEquals(
                        role.equals(allowed.get(call)) ? 2 : 4, status / 100, call + " as " + role + ": " + status);
            }
        }
    }

    @Test
    void aTicketIsWrittenByAnybodyAndChangedBySupport() throws Exception {
        var written = Http.send("POST", "/ticket", TICKET.formatted(""));
        assertEquals(200, written.statusCode(), written::body);
        var id = JsonPath.from(written.body()).getString("id");
        var change = new Call("POST", "/ticket", TICKET.formatted("\"id\":\"" + id + "\","));
        var read = new Call("GET", "/ticket/" + id, null);
        for (var call : List.of(change, read)) {
            assertEquals(401, call.status());
            assertEquals(403, call.status("Authorization", TestProvider.person(aSubject())));
            assertEquals(200, call.status("Authorization", TestProvider.person(aSubject(), "support")));
        }
        var page = Http.send("GET", "/tickets", null, "Accept", "text/html");
        assertEquals(200, page.statusCode(), page::body);
        assertFalse(page.body().contains("visitor@example.com"), page::body);
    }

    @TestFactory
    Stream<DynamicTest> aTokenThatIsNotRightIsRefusedEverywhere() throws Exception {
        return wrongTokens().entrySet().stream()
                .map(wrong -> DynamicTest.dynamicTest(wrong.getKey(), () -> {
                    for (var path :
                            List.of("/carts/u-s-1", "/catalog/size", "/orders?customerId=u-s-1", "/admin/regions")) {
                        var answer = Http.send("GET", path, null, "Authorization", "Bearer " + wrong.getValue());
                        assertEquals(401, answer.statusCode(), () -> path + answer.body());
                        assertEquals(Optional.of("Bearer error=\"invalid_token\""), challenge(answer));
                        assertTrue(answer.body().contains("invalid-token"), answer::body);
                    }
                }));
    }

    private static Optional<String> challenge(HttpResponse<String> answer) {
        return answer.headers().firstValue("WWW-Authenticate");
    }

    private static Map<String, String> wrongTokens() throws Exception {
        long now = Instant.now().getEpochSecond();
        var wrong = new HashMap<String, String>();
        wrong.put("expired", with("exp", now - 60));
        wrong.put("without an end", with("exp", null));
        wrong.put("not yet valid", with("nbf", now + 120));
        wrong.put("of another issuer", with("iss", "https://idp.example.com/pool"));
        wrong.put("of no issuer", with("iss", null));
        wrong.put("an ID token", with("token_use", "id"));
        wrong.put("for another client", with("client_id", "another"));
        wrong.put("for no client", with("client_id", null));
        wrong.put("of an unknown key", TestProvider.sign(right(), TestProvider.newKey("k-9")));
        wrong.put("of another key with our id", TestProvider.sign(right(), TestProvider.newKey("k-1")));
        wrong.put("unsigned", none());
        wrong.put("signed with the public key as a secret", hmac());
        var token = TestProvider.sign(right());
        wrong.put("with another payload", tampered(token));
        wrong.put("without a signature", token.substring(0, token.lastIndexOf('.') + 1));
        wrong.put("no token", "abc");
        wrong.put("no token with dots", "a.b.c");
        return wrong;
    }

    private static Map<String, Object> right() {
        return TestProvider.claims("s-1", TestProvider.CLIENT);
    }

    private static String with(String claim, Object value) {
        var claims = right();
        if (value == null) claims.remove(claim);
        else claims.put(claim, value);
        return TestProvider.sign(claims);
    }

    private static String none() throws Exception {
        var signature = new JsonWebSignature();
        signature.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
        signature.setPayload(JsonUtil.toJson(right()));
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.NONE);
        signature.setKeyIdHeaderValue("k-1");
        return signature.getCompactSerialization();
    }

    private static String hmac() throws Exception {
        var signature = new JsonWebSignature();
        signature.setPayload(JsonUtil.toJson(right()));
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
        signature.setKeyIdHeaderValue("k-1");
        signature.setKey(new HmacKey(TestProvider.key().getRsaPublicKey().getEncoded()));
        return signature.getCompactSerialization();
    }

    private static String tampered(String token) {
        var parts = token.split("[.]");
        parts[1] = TestProvider.sign(TestProvider.claims("s-2", TestProvider.CLIENT))
                .split("[.]")[1];
        return String.join(".", parts);
    }

    @Test
    void aClientThatIsListedIsAcceptedAndSoIsAnAudience() throws Exception {
        var subject = aSubject();
        var cart = new Call("GET", "/carts/u-" + subject, null);
        assertEquals(
                200, cart.status("Authorization", "Bearer " + TestProvider.sign(TestProvider.claims(subject, "app"))));
        var claims = TestProvider.claims(subject, "another");
        claims.put("aud", List.of("account", TestProvider.CLIENT));
        assertEquals(200, cart.status("Authorization", "Bearer " + TestProvider.sign(claims)));
        claims.put("iat", Instant.now().getEpochSecond() - 300);
        claims.put("exp", Instant.now().getEpochSecond() - 5);
        assertEquals(200, cart.status("Authorization", "Bearer " + TestProvider.sign(claims)), "clocks differ");
    }

    /// A scope that a person's client was given makes no machine of the person.
    @Test
    void aPersonIsNoMachine() throws Exception {
        var claims = TestProvider.claims(aSubject(), TestProvider.CLIENT);
        claims.put("scope", "openid meridian/machine");
        var token = "Bearer " + TestProvider.sign(claims);
        assertEquals(
                404,
                new Call("GET", "/carts/u-other", null).status("Authorization", token, "X-Customer-Id", "u-other"));
    }
}
