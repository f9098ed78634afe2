package dev.meridian.web;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import dev.meridian.testing.StoresResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.filter.cookie.CookieFilter;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The pages over HTTP: content negotiation between HTML and JSON, cookies, redirects, rejections, errors.
@Tag("dynamodb")
@QuarkusTest
@ComponentTest
class PagesResourceTest {
    private static final String BROWSER =
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";
    private static final String COOKIE = "meridian-session";
    private static final List<String> PAGES = List.of(
            "/", "/home", "/catalog", "/catalog/moonmilk", "/cart", "/orders", "/leaderboard", "/tickets", "/status");

    private static RequestSpecification browser() {
        return given().header("Accept", BROWSER).redirects().follow(false);
    }

    private static Response post(CookieFilter cookies, String path, Map<String, String> form) {
        return browser()
                .filter(cookies)
                .contentType("application/x-www-form-urlencoded; charset=UTF-8")
                .formParams(form)
                .post(path);
    }

    private static Map<String, String> address() {
        return new java.util.HashMap<>(Map.of(
                "firstName", "Wren",
                "lastName", "Quayside",
                "email", "wren@example.com",
                "address1", "7 Lantern Steps",
                "city", "Port Meridian",
                "zipCode", "98101",
                "state", "WA",
                "country", "US"));
    }

    private static Map<String, String> card() {
        return new java.util.HashMap<>(Map.of(
                "cardHolder", "Wren Quayside",
                "cardNumber", "4000123412341234",
                "expiryDate", "12/30",
                "cvc", "123"));
    }

    /// A visitor with one product in the cart and a complete checkout except for the card.
    private static CookieFilter atPayment() {
        return atPayment("rune-tag");
    }

    private static CookieFilter atPayment(String product) {
        var cookies = new CookieFilter();
        browser().filter(cookies).get("/").then().statusCode(200);
        post(cookies, "/cart", Map.of("productId", product, "quantity", "3"))
                .then()
                .statusCode(303)
                .header("Location", endsWith("/cart"));
        post(cookies, "/checkout", address()).then().statusCode(303).header("Location", endsWith("/checkout/delivery"));
        post(cookies, "/checkout/delivery", Map.of("token", "priority-mail"))
                .then()
                .statusCode(303)
                .header("Location", endsWith("/checkout/payment"));
        return cookies;
    }

    @TestFactory
    Stream<DynamicTest> everyPageHasItsHeaders() {
        return PAGES.stream()
                .map(path -> DynamicTest.dynamicTest(path, () -> {
                    var page = browser().get(path);
                    page.then()
                            .statusCode(200)
                            .header("Content-Type", "text/html;charset=UTF-8")
                            .header(
                                    "Content-Security-Policy",
                                    startsWith("default-src 'none'; script-src 'self'; style-src 'self'"))
                            .header("Content-Security-Policy", containsString("frame-ancestors 'none'"))
                            .header("X-Content-Type-Options", "nosniff")
                            .header("Referrer-Policy", "same-origin")
                            .header("Permissions-Policy", containsString("camera=()"))
                            .header("Cache-Control", "no-store")
                            .header("X-Region", "eu-west-1");
                    var text = page.asString();
                    assertFalse(
                            text.contains("<style") || text.contains(" style=") || text.contains(" onclick="), path);
                    assertFalse(
                            text.replaceAll("<script [^>]*src=[^>]*></script>", "")
                                    .contains("<script"),
                            path);
                    assertTrue(text.length() < 100_000, path + " has " + text.length());
                }));
    }

    @Test
    void apisHaveNoneOfThem() {
        given().get("/mysfits")
                .then()
                .header("Content-Security-Policy", nullValue())
                .cookies(Map.of());
    }

    @TestFactory
    Stream<DynamicTest> pathsThatMeetAreToldApart() {
        var cookies = atPayment();
        var order =
                post(cookies, "/checkout/payment", card()).header("Location").replaceFirst("^https?://[^/]*", "");
        String link = browser().filter(cookies).get(order).htmlPath().getString("**.find { it.@id == 'keep' }.a.@href");
        var all = new ArrayList<DynamicTest>();
        for (var path :
                List.of("/", "/orders?customerId=nobody", link, "/leaderboard", "/catalog/search?keyword=oats")) {
            all.add(DynamicTest.dynamicTest(
                    "page " + path,
                    () -> browser().get(path).then().statusCode(200).header("Content-Type", startsWith("text/html"))));
            for (var accept : List.of("*/*", "application/json", "application/json, text/plain, */*", "")) {
                all.add(DynamicTest.dynamicTest(
                        "'" + accept + "' " + path,
                        () -> assertTrue(Http.send(
                                        "GET",
                                        path,
                                        null,
                                        accept.isEmpty() ? new String[0] : new String[] {"Accept", accept})
                                .headers()
                                .firstValue("Content-Type")
                                .orElse("")
                                .startsWith("application/json"))));
            }
        }
        for (var path : List.of("/catalog", "/cart", "/tickets", "/status", "/catalog/moonmilk", "/home")) {
            all.add(DynamicTest.dynamicTest(
                    "only a page " + path,
                    () -> given().header("Accept", "*/*")
                            .get(path)
                            .then()
                            .statusCode(200)
                            .header("Content-Type", startsWith("text/html"))));
        }
        var like = "/mysfits/2b473002-36f8-4b87-954e-9a377e0ccbec/like";
        all.add(DynamicTest.dynamicTest(
                "JSON like",
                () -> given().accept("*/*").post(like).then().statusCode(200).body("Update", equalTo("Success"))));
        all.add(DynamicTest.dynamicTest(
                "page like",
                () -> browser()
                        .post(like)
                        .then()
                        .statusCode(303)
                        .header("Location", endsWith("/#mysfit-2b473002-36f8-4b87-954e-9a377e0ccbec"))));
        return all.stream();
    }

    @Test
    void theCookieIsSignedAndHidden() {
        var set = browser().get("/cart").header("Set-Cookie");
        assertTrue(
                set.matches(
                        COOKIE
                                + "=v1\\.visitor-[A-Za-z0-9_-]{22}\\.[0-9]{10}\\.[A-Za-z0-9_-]{43}; Path=/; Max-Age=[0-9]+; HttpOnly; SameSite=Lax"),
                set);
        var value = set.replaceFirst("^[^=]*=", "").replaceFirst(";.*", "");
        assertTrue(browser()
                .cookie(COOKIE, value)
                .get("/cart")
                .header("Set-Cookie")
                .startsWith(COOKIE + "=" + value.substring(0, value.indexOf('.', 3))));
        for (var forged : List.of(
                value.substring(0, value.length() - 2) + (value.endsWith("AA") ? "BB" : "AA"),
                "v1.visitor-other" + value.substring(value.indexOf('.', 3)),
                "v1.visitor-other.",
                "c-81",
                ".",
                "x".repeat(3000))) {
            var other = browser().cookie(COOKIE, forged).get("/cart");
            assertEquals(200, other.statusCode());
            assertNotEquals(value, other.cookie(COOKIE));
            assertFalse(other.header("Set-Cookie").startsWith(COOKIE + "=" + forged), forged);
        }
    }

    @TestFactory
    Stream<DynamicTest> postsFromOtherSitesAreRefused() {
        var own = "http://localhost:" + io.restassured.RestAssured.port;
        record Case(Map<String, String> headers, int status) {}
        return Stream.of(
                        new Case(Map.of(), 303),
                        new Case(Map.of("Sec-Fetch-Site", "same-origin"), 303),
                        new Case(Map.of("Sec-Fetch-Site", "none"), 303),
                        new Case(Map.of("Sec-Fetch-Site", "same-origin", "Origin", own), 303),
                        new Case(Map.of("Origin", own), 303),
                        new Case(Map.of("Sec-Fetch-Site", "cross-site"), 403),
                        new Case(Map.of("Sec-Fetch-Site", "same-site"), 403),
                        new Case(Map.of("Origin", "https://elsewhere.example"), 403),
                        new Case(Map.of("Origin", "null"), 403),
                        new Case(Map.of("Origin", "not an address"), 403))
                .map(c -> DynamicTest.dynamicTest(c.headers().toString(), () -> {
                    var answer = browser()
                            .headers(c.headers())
                            .formParam("productId", "moonmilk")
                            .post("/cart");
                    assertEquals(c.status(), answer.statusCode(), answer::asString);
                    if (c.status() == 403) answer.then().contentType(ContentType.HTML);
                }));
    }

    @Test
    void aScriptWithoutABrowserCanShop() {
        var cookies = atPayment();
        browser()
                .filter(cookies)
                .get("/cart")
                .then()
                .body(containsString("item-name"))
                .body(containsString("$22.50"));
        post(cookies, "/cart/remove", Map.of("productId", "rune-tag"))
                .then()
                .statusCode(303)
                .header("Location", endsWith("/cart"));
        browser().filter(cookies).get("/cart").then().body(not(containsString("item-name")));
    }

    @Test
    void aRepeatedSubmitIsTheSameOrder() {
        var cookies = atPayment();
        var first = post(cookies, "/checkout/payment", card());
        assertEquals(303, first.statusCode(), first::asString);
        assertEquals(
                first.header("Location"),
                post(cookies, "/checkout/payment", card()).header("Location"));
        post(cookies, "/checkout/delivery", Map.of("token", "priority-mail"))
                .then()
                .statusCode(303)
                .header("Location", endsWith("/cart"));
    }

    /// Another tab or device adds while this one pays.
    @Test
    void payingTakesOutOfTheCartWhatIsOrderedAndLeavesTheRest() {
        var cookies = atPayment();
        post(cookies, "/cart", Map.of("productId", "rune-tag", "quantity", "2"));
        post(cookies, "/cart", Map.of("productId", "moonmilk", "quantity", "4"));
        var first = post(cookies, "/checkout/payment", card());
        assertEquals(303, first.statusCode(), first::asString);
        for (int i = 0; i < 2; i++) {
            assertEquals(List.of("4", "2"), quantities(cookies));
            assertEquals(
                    first.header("Location"),
                    post(cookies, "/checkout/payment", card()).header("Location"));
        }
    }

    @Test
    void paymentsAndAddsAtOnceTakeOnceAndLoseNothing() throws Exception {
        var cookies = atPayment();
        var statuses = Race.run(
                8,
                16,
                i -> () -> i % 2 == 0
                        ? post(cookies, "/checkout/payment", card()).statusCode()
                        : post(cookies, "/cart", Map.of("productId", "rune-tag", "quantity", "1"))
                                .statusCode());
        System.out.printf("payments and adds at once: %s%n", statuses);
        assertEquals(Set.of(303), Set.copyOf(statuses));
        // Three were ordered, eight added.
        assertEquals(List.of("8"), quantities(cookies));
    }

    /// Of the lines in the cart, by product id.
    private static List<String> quantities(CookieFilter cookies) {
        var page = browser().filter(cookies).get("/cart").asString();
        return Pattern.compile("item-quantity\"[^>]*value=\"(\\d+)\"")
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    @Test
    void aFormDrawnForAnotherCheckoutIsShownAgainFirst() {
        var cookies = atPayment();
        var form = card();
        form.put("checkout", "01KAH3V3W8Q7J2Z5N0R4T6Y8XB");
        post(cookies, "/checkout/payment", form)
                .then()
                .statusCode(303)
                .header("Location", endsWith("/checkout/payment"));
        browser().filter(cookies).get("/orders").then().body(not(containsString("order-id")));
    }

    private static void reprice(String product, int price) {
        given().contentType(ContentType.JSON)
                .body("{\"name\":\"%s\",\"description\":\"\",\"price\":%d,\"tags\":[],\"stock\":null}"
                        .formatted(product, price))
                .put("/catalog/products/" + product)
                .then()
                .statusCode(anyOf(equalTo(200), equalTo(201)));
    }

    /// A new product at 10.
    private static String product() {
        var product = Http.anId("price");
        reprice(product, 10);
        return product;
    }

    private static String get(CookieFilter cookies, String path) {
        return browser()
                .filter(cookies)
                .get(path)
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    /// The value of the hidden field that names the checkout.
    private static String drawn(String page) {
        return page.replaceAll("(?s).*name=\"checkout\" value=\"([^\"]+)\".*", "$1");
    }

    @Test
    void theButtonSaysWhatIsCharged() {
        var product = product();
        var cookies = atPayment(product);
        var page = get(cookies, "/checkout/payment");
        assertTrue(page.contains("Order and pay $45.00"), page);
        reprice(product, 99);
        var form = card();
        form.put("checkout", drawn(page));
        var order = post(cookies, "/checkout/payment", form).header("Location");
        assertTrue(get(cookies, order).contains("id=\"order-total\">$45.00"), order);
    }

    @Test
    void afterTheHoldThePaymentPageIsShownAgainWithTheNewTotal() {
        var product = product();
        var cookies = atPayment(product);
        var form = card();
        form.put("checkout", drawn(get(cookies, "/checkout/payment")));
        reprice(product, 99);
        endHold(form.get("checkout"));
        post(cookies, "/checkout/payment", form)
                .then()
                .statusCode(303)
                .header("Location", endsWith("/checkout/payment"));
        browser().filter(cookies).get("/orders").then().body(not(containsString("order-id")));
        var page = get(cookies, "/checkout/payment");
        assertTrue(page.contains("Order and pay $312.00"), page);
        assertTrue(page.contains("The total was $45.00, and is $312.00 now."), page);
        // The old form is outdated now; the new one is charged as it says.
        post(cookies, "/checkout/payment", form).then().header("Location", endsWith("/checkout/payment"));
        form.put("checkout", drawn(page));
        var order = post(cookies, "/checkout/payment", form).header("Location");
        assertTrue(get(cookies, order).contains("id=\"order-total\">$312.00"), order);
        assertEquals(order, post(cookies, "/checkout/payment", form).header("Location"));
    }

    /// Another tab chooses another delivery while the card is sent: the order is of the checkout that was compared.
    @Test
    void payingBesideAnotherTabOrdersWhatItsButtonSaid() throws Exception {
        var product = product();
        int rounds = 12;
        int paid = 0;
        for (int round = 0; round < rounds; round++) {
            var cookies = atPayment(product);
            var form = card();
            form.put("checkout", drawn(get(cookies, "/checkout/payment")));
            var answers = Race.run(
                    2,
                    2,
                    i -> () -> i == 0
                            ? post(cookies, "/checkout/payment", form)
                            : post(cookies, "/checkout/delivery", Map.of("token", "priority-mail-express")));
            var location = answers.getFirst().header("Location");
            if (!location.contains("/orders/")) continue;
            paid++;
            assertTrue(get(cookies, location).contains("id=\"order-total\">$45.00"), location);
        }
        System.out.printf("paying beside another tab: rounds=%d paid=%d%n", rounds, paid);
    }

    /// Finds the checkout of a visitor, whose id is in a cookie, by the id of the checkout.
    private static void endHold(String checkoutId) {
        try (var client = StoresResource.dynamo()) {
            var found = client.scan(r -> r.tableName("meridian-checkouts")
                            .filterExpression("checkoutId = :id")
                            .expressionAttributeValues(Map.of(":id", AttributeValue.fromS(checkoutId))))
                    .join()
                    .items()
                    .getFirst();
            client.updateItem(r -> r.tableName("meridian-checkouts")
                            .key(Map.of("customerId", found.get("customerId")))
                            .updateExpression("SET heldUntil = :past")
                            .expressionAttributeValues(
                                    Map.of(":past", AttributeValue.fromS("2026-11-21T07:01:33.123Z"))))
                    .join();
        }
    }

    @Test
    void theCartShowsThePriceOfTodayAndWhatTheCheckoutHolds() {
        var product = product();
        var cookies = new CookieFilter();
        browser().filter(cookies).get("/").then().statusCode(200);
        post(cookies, "/cart", Map.of("productId", product, "quantity", "3"));
        reprice(product, 12);
        var cart = get(cookies, "/cart");
        assertTrue(cart.contains("$12.00 each") && cart.contains("cart-subtotal\">$36.00"), cart);
        assertFalse(cart.contains("id=\"held\""), cart);
        assertTrue(get(cookies, "/checkout").contains("<strong>$36.00</strong>"));
        post(cookies, "/checkout", address());
        assertFalse(get(cookies, "/cart").contains("id=\"held\""));
        reprice(product, 15);
        cart = get(cookies, "/cart");
        assertTrue(cart.contains("$15.00 each, $12.00 in your checkout"), cart);
        assertTrue(cart.contains("id=\"held\""), cart);
    }

    @Test
    void aCartThatCostsMoreThanAnAmountCanBeIsShown() {
        var cookies = new CookieFilter();
        browser().filter(cookies).get("/").then().statusCode(200);
        for (int i = 0; i < 11; i++) {
            var product = product();
            reprice(product, 1_000_000_000);
            post(cookies, "/cart", Map.of("productId", product, "quantity", "1000"));
        }
        assertTrue(get(cookies, "/cart").contains("cart-subtotal\">more than one order may cost"));
        assertTrue(get(cookies, "/checkout").contains("more than one order may cost"));
        post(cookies, "/checkout", address()).then().statusCode(400);
        post(cookies, "/checkout", Map.of()).then().statusCode(400);
    }

    @TestFactory
    Stream<DynamicTest> fieldsAreChecked() {
        var cookies = atPayment();
        record Case(String path, String field, String value, String message) {}
        return Stream.of(
                        new Case("/checkout", "firstName", "", "First name is required"),
                        new Case("/checkout", "firstName", "x".repeat(101), "Invalid first name"),
                        new Case("/checkout", "city", "a\u0000b", "Invalid city"),
                        new Case("/checkout", "email", "a@b", "Email invalid"),
                        new Case("/checkout", "email", "", "Email invalid"),
                        new Case("/checkout", "zipCode", "1234", "Invalid zip code"),
                        new Case("/checkout", "zipCode", "123456", "Invalid zip code"),
                        new Case("/checkout", "zipCode", "SW1A 2AA", "Invalid zip code"),
                        new Case("/checkout", "zipCode", "", "Invalid zip code"),
                        new Case("/checkout", "state", "", "Invalid state"),
                        new Case("/checkout", "country", "XX", "Choose a country"),
                        new Case("/checkout", "firstName", "\u200b", "Invalid first name"),
                        new Case("/checkout", "state", "WAX", "Invalid state"),
                        new Case("/checkout/payment", "cardHolder", "", "Card holder is required"),
                        new Case("/checkout/payment", "cardNumber", "40001234123", "Invalid card number"),
                        new Case("/checkout/payment", "cardNumber", "40001234123412345678", "Invalid card number"),
                        new Case("/checkout/payment", "expiryDate", "1/30", "Invalid expiry date"),
                        new Case("/checkout/payment", "expiryDate", "13/30", "Invalid expiry date"),
                        new Case("/checkout/payment", "expiryDate", "01/20", "This card has expired"),
                        new Case("/checkout/payment", "expiryDate", "01/2020", "This card has expired"),
                        new Case("/checkout/payment", "cvc", "12", "Invalid cvc"),
                        new Case("/checkout/payment", "cvc", "12345", "Invalid cvc"),
                        new Case("/checkout/delivery", "token", "by-whale", "Choose one of the ways of delivery"))
                .map(c -> DynamicTest.dynamicTest(c.path() + " " + c.message() + " " + c.field(), () -> {
                    var form = c.path().equals("/checkout") ? address() : card();
                    form.put(c.field(), c.value());
                    post(cookies, c.path(), form)
                            .then()
                            .statusCode(400)
                            .contentType(ContentType.HTML)
                            .body(containsString(c.message()))
                            .body(not(containsString("4000123")));
                }));
    }

    /// Addresses, names and cards as people have and write them.
    @TestFactory
    Stream<DynamicTest> whatPeopleWriteIsTaken() {
        record Case(String country, String zip, String state, String shown) {}
        var addresses = Stream.of(
                        new Case("", "98101-1234", "WA", "Port Meridian, WA 98101-1234<br>United States"),
                        new Case("", "98101", "wa", "Port Meridian, WA 98101<br>United States"),
                        new Case("", "98101", "Washington", "Port Meridian, WA 98101<br>United States"),
                        new Case("", "SW1A 2AA", "London", "Port Meridian, London SW1A 2AA<br>wren"),
                        new Case("", "1010", "Wien", "Port Meridian, Wien 1010<br>wren"),
                        new Case("gb", "sw1a2aa", "", "Port Meridian SW1A 2AA<br>United Kingdom"),
                        new Case("CA", "k1a-0b1", "ontario", "Port Meridian, ON K1A 0B1<br>Canada"),
                        new Case("JP", "１０００００１", "Tokyo", "Port Meridian, Tokyo 100-0001<br>Japan"),
                        new Case("IE", "", "Co. Galway", "Port Meridian, Co. Galway<br>Ireland"))
                .map(c -> DynamicTest.dynamicTest(c.toString(), () -> {
                    var cookies = atPayment();
                    var form = address();
                    form.putAll(Map.of(
                            "country",
                            c.country(),
                            "zipCode",
                            c.zip(),
                            "state",
                            c.state(),
                            "firstName",
                            "Suharto",
                            "lastName",
                            "",
                            "email",
                            "用户@例え.jp"));
                    post(cookies, "/checkout", form).then().statusCode(303);
                    post(cookies, "/checkout/delivery", Map.of("token", "priority-mail"));
                    var order = post(cookies, "/checkout/payment", card()).header("Location");
                    var page = browser().filter(cookies).get(order).asString();
                    assertTrue(page.contains(c.shown().replace("wren", "用户@例え.jp")), page);
                    assertTrue(page.contains("<address>Suharto<br>"), page);
                }));
        var cards = Stream.of(
                        Map.of("cardNumber", "4111 1111 1111 1111"),
                        Map.of("cardNumber", "4111-1111-1111-1111"),
                        Map.of("cardNumber", "378282246310005", "cvc", "1234"),
                        Map.of("cardNumber", "4917610000000000003"),
                        Map.of("expiryDate", "12 / 30"),
                        Map.of("expiryDate", "12/2030"),
                        Map.of("expiryDate", "1230"))
                .map(c -> DynamicTest.dynamicTest(c.toString(), () -> {
                    var form = card();
                    form.putAll(c);
                    assertTrue(post(atPayment(), "/checkout/payment", form)
                            .header("Location")
                            .contains("/orders/"));
                }));
        return Stream.concat(addresses, cards);
    }

    @TestFactory
    Stream<DynamicTest> errorsArePagesForBrowsersOnly() {
        record Case(String path, int status, int statusOfJson) {}
        return Stream.of(
                        new Case("/nowhere", 404, 404),
                        new Case("/catalog/no-such-product", 404, 406),
                        new Case("/orders/00000000000000000000000000", 404, 404),
                        new Case("/catalog?page=0", 400, 406),
                        new Case("/catalog?size=101", 400, 406),
                        new Case("/leaderboard?country=XX", 400, 400))
                .map(c -> DynamicTest.dynamicTest(c.path(), () -> {
                    browser()
                            .get(c.path())
                            .then()
                            .statusCode(c.status())
                            .header("Content-Type", "text/html;charset=UTF-8")
                            .header("Content-Security-Policy", startsWith("default-src 'none'"))
                            .body(containsString("<h1>"));
                    given().header("Accept", "application/json")
                            .get(c.path())
                            .then()
                            .statusCode(c.statusOfJson())
                            .contentType("application/problem+json");
                }));
    }

    @Test
    void oddPathsAreNobodysFault() {
        for (var path : List.of(
                "/orders/a;b=c", "/orders/%25", "/catalog;x=y/%25", "/mysfits/a;b=c%25/like", "/catalog/a%20b")) {
            var answer = browser().urlEncodingEnabled(false).get(path);
            assertTrue(answer.statusCode() >= 400 && answer.statusCode() < 500, path + " " + answer.statusCode());
        }
    }

    @Test
    void clientsOfApisGetProblemsWhateverTheyAccept() {
        for (var path : List.of("/ticket/nothing", "/carts/a%20b", "/v1/orders", "/customers/nobody", "/q/nowhere")) {
            given().urlEncodingEnabled(false)
                    .header("Accept", "text/html, image/gif, image/jpeg, */*; q=.2")
                    .get(path)
                    .then()
                    .contentType("application/problem+json");
        }
    }

    @Test
    void aTokenStandsForTheCard() {
        var cookies = atPayment();
        var wrong = Map.of("cardToken", "4000123412341234");
        assertEquals(400, post(cookies, "/checkout/payment", wrong).statusCode());
        var right = Map.of("cardToken", "sample-" + "0f".repeat(16));
        assertTrue(post(cookies, "/checkout/payment", right).header("Location").contains("/orders/"));
    }

    @Test
    void onlyTheBrowserThatOrderedSeesWhereItGoes() {
        var cookies = atPayment();
        var order = post(cookies, "/checkout/payment", card()).header("Location");
        browser().filter(cookies).get(order).then().body(containsString("7 Lantern Steps"));
        browser().get(order).then().statusCode(404).body(not(containsString("7 Lantern Steps")));
        browser().post(order + "/cancel").then().statusCode(404);
        browser().filter(cookies).post(order + "/cancel").then().statusCode(303);
        browser()
                .filter(cookies)
                .get(order)
                .then()
                .body(containsString("Cancelled"))
                .body("**.find { it.@id == 'history' }.li.size()", equalTo(3))
                .body("**.find { it.@id == 'history' }.li[0].text()", matchesPattern("Written down: .* UTC, eu-west-1"))
                .body("**.find { it.@id == 'history' }.li[2].text()", matchesPattern("Cancelled: .* UTC, eu-west-1"));
    }

    @Test
    void assetsAreKeptForGoodUnderTheirHash() {
        var address = browser()
                .get("/")
                .htmlPath()
                .getString("**.find { it.name() == 'link' && it.@rel == 'stylesheet' }.@href");
        assertTrue(address.matches("/assets/meridian\\.css\\?v=[0-9a-f]{12}"), address);
        given().get(address)
                .then()
                .statusCode(200)
                .header("Cache-Control", containsString("immutable"))
                .header("Content-Type", startsWith("text/css"));
        given().get("/assets/meridian.css?v=000000000000")
                .then()
                .statusCode(200)
                .header("Cache-Control", not(containsString("immutable")));
        given().get("/assets/nothing.css").then().statusCode(404);
    }

    @Test
    void whatPeopleTypeIsText() {
        var text = "<script>alert(1)</script> \"' & the lantern";
        browser()
                .formParams(Map.of("description", text, "priority", "low", "createdBy", "<i>Wren"))
                .post("/tickets")
                .then()
                .statusCode(303);
        browser()
                .get("/tickets")
                .then()
                .body(not(containsString("<script>alert")))
                .body(not(containsString("<i>Wren")));
        browser()
                .get("/catalog/search?keyword=<script>alert(2)</script>")
                .then()
                .body(not(containsString("<script>alert")));
    }
}
