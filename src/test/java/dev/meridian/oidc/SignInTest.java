package dev.meridian.oidc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.TestProducts;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Signing in and out as a browser does it.
@QuarkusTest
@ComponentTest
@WithTestResource(TestProvider.class)
@Tag("dynamodb")
class SignInTest {
    /// Keeps cookies as a browser does.
    private static final class Browser {
        private final Map<String, String> cookies = new LinkedHashMap<>();

        HttpResponse<String> get(String path, String... headers) throws Exception {
            return send("GET", path, headers);
        }

        HttpResponse<String> send(String method, String path, String... headers) throws Exception {
            var all = new ArrayList<>(List.of("Accept", "text/html"));
            all.addAll(List.of(headers));
            if (!cookies.isEmpty()) all.addAll(List.of("Cookie", header()));
            var answer = Http.send(method, path, null, all.toArray(String[]::new));
            for (var cookie : answer.headers().allValues("Set-Cookie")) {
                var pair = cookie.split(";", 2)[0].split("=", 2);
                if (cookie.contains("Max-Age=0;")) cookies.remove(pair[0]);
                else cookies.put(pair[0], pair[1]);
            }
            return answer;
        }

        String header() {
            return cookies.entrySet().stream()
                    .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                    .collect(Collectors.joining("; "));
        }

        String session() {
            return "meridian-session=" + cookies.get("meridian-session");
        }

        /// @return the address with which the provider sends the browser back
        String toProvider(String returnTo, String login) throws Exception {
            var begun = get("/sign-in?return=" + returnTo);
            assertEquals(303, begun.statusCode(), begun::body);
            var address = location(begun) + "&" + login;
            var sent = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
            assertEquals(302, sent.statusCode(), sent::body);
            var back = URI.create(location(sent));
            assertEquals(Http.uri("/").getPort(), back.getPort());
            return back.getRawPath() + "?" + back.getRawQuery();
        }

        /// Signs in and follows where that leads.
        HttpResponse<String> signIn(String returnTo, String login) throws Exception {
            var answer = get(toProvider(returnTo, login));
            while (answer.statusCode() == 303 && location(answer).startsWith("/sign-in"))
                answer = get(location(answer));
            return answer;
        }
    }

    private static String location(HttpResponse<String> answer) {
        return answer.headers().firstValue("Location").orElseThrow(() -> new AssertionError(answer.body()));
    }

    private static int quantity(String customer, String product) throws Exception {
        var answer = Http.send("GET", "/carts/" + customer + "/items/" + product, null, "Authorization", admin());
        return answer.statusCode() == 404 ? 0 : JsonPath.from(answer.body()).getInt("quantity");
    }

    private static String admin() {
        return "Bearer " + TestProvider.ADMIN;
    }

    private static String guest(Browser browser) {
        return browser.cookies.get("meridian-session").split("[.]")[1];
    }

    @Test
    void theCartComesAlongAndTheSessionChanges() throws Exception {
        var product = TestProducts.create(100, 100);
        var subject = Http.anId("s");
        var browser = new Browser();
        browser.get("/cart");
        var guest = guest(browser);
        var added = Http.send(
                "POST",
                "/carts/" + guest + "/items",
                "{\"itemId\":\"" + product + "\",\"quantity\":3}",
                "Cookie",
                browser.header());
        assertEquals(2, added.statusCode() / 100, added::body);
        var before = browser.session();
        var answer = browser.signIn("/cart?from=menu", "login=" + subject);
        assertEquals(303, answer.statusCode(), answer::body);
        assertEquals("/cart?from=menu", location(answer));
        assertNotEquals(before, browser.session());
        assertEquals(List.of("meridian-session"), List.copyOf(browser.cookies.keySet()), "nothing is left");
        assertEquals(3, quantity("u-" + subject, product));
        assertEquals(0, quantity(guest, product));
        // The session is the customer, in JSON and in pages, and of nobody else.
        assertEquals(
                200,
                Http.send("GET", "/carts/u-" + subject, null, "Cookie", browser.session())
                        .statusCode());
        assertEquals(
                404,
                Http.send("GET", "/carts/u-other", null, "Cookie", browser.session())
                        .statusCode());
        var page = browser.get("/cart");
        assertEquals(200, page.statusCode());
        assertFalse(page.headers().firstValue("Set-Cookie").isPresent(), "a session of a customer is sent once");
        assertFalse(page.body().contains(subject), page::body);
        // Who signs in again elsewhere, with another cart, has both, each unit once.
        var other = new Browser();
        other.get("/cart");
        Http.send(
                "POST",
                "/carts/" + guest(other) + "/items",
                "{\"itemId\":\"" + product + "\",\"quantity\":2}",
                "Cookie",
                other.header());
        var back = other.get(other.toProvider("/", "login=" + subject));
        var withGuest = other.header();
        for (int i = 0; i < 2; i++) {
            var again = Http.send("GET", location(back), null, "Accept", "text/html", "Cookie", withGuest);
            assertEquals(303, again.statusCode(), again::body);
        }
        assertEquals(5, quantity("u-" + subject, product));
    }

    @Test
    void signingOutEndsTheSessionForACopyToo() throws Exception {
        var subject = Http.anId("s");
        var browser = new Browser();
        browser.signIn("/", "login=" + subject);
        var copy = browser.session();
        assertEquals(
                200,
                Http.send("GET", "/carts/u-" + subject, null, "Cookie", copy).statusCode());
        var forged = browser.send("POST", "/sign-out", "Sec-Fetch-Site", "cross-site");
        assertEquals(403, forged.statusCode());
        assertEquals(
                200,
                Http.send("GET", "/carts/u-" + subject, null, "Cookie", copy).statusCode());
        var out = browser.send("POST", "/sign-out");
        assertEquals(303, out.statusCode(), out::body);
        assertEquals("/", location(out));
        assertTrue(guest(browser).startsWith("visitor-"), browser::session);
        assertEquals(
                401,
                Http.send("GET", "/carts/u-" + subject, null, "Cookie", copy).statusCode());
        assertEquals(
                401,
                Http.send(
                                "GET",
                                "/carts/u-" + subject,
                                null,
                                "Authorization",
                                copy.replace("meridian-session=", "Bearer "))
                        .statusCode());
        assertEquals(303, browser.send("POST", "/sign-out").statusCode(), "again does no harm");
    }

    @Test
    void aRoleComesWithTheSession() throws Exception {
        var staff = new Browser();
        staff.signIn("/tickets", "login=" + Http.anId("s") + "&groups=support,other");
        assertEquals(
                200,
                Http.send("GET", "/ticket", null, "Cookie", staff.session()).statusCode());
        assertEquals(
                403,
                Http.send("GET", "/admin/regions", null, "Cookie", staff.session())
                        .statusCode());
        var customer = new Browser();
        customer.signIn("/", "login=" + Http.anId("s"));
        assertEquals(
                403,
                Http.send("GET", "/ticket", null, "Cookie", customer.session()).statusCode());
        // Roles are signed.
        var session = staff.session();
        var forged = session.replaceFirst("[.]s[.]", ".sco.");
        assertNotEquals(session, forged);
        assertEquals(401, Http.send("GET", "/ticket", null, "Cookie", forged).statusCode());
    }

    @Test
    void onlyTheBrowserThatBeganComesBack() throws Exception {
        var browser = new Browser();
        var back = browser.toProvider("/", "login=" + Http.anId("s"));
        assertEquals(400, new Browser().get(back).statusCode(), "without the cookie");
        assertEquals(
                400, browser.get(back.replaceFirst("state=[^&]*", "state=x")).statusCode());
        assertEquals(400, browser.get("/sign-in/return?code=x").statusCode());
        var other = new Browser();
        other.toProvider("/", "login=" + Http.anId("s"));
        assertEquals(400, other.get(back).statusCode(), "with the cookie of another sign-in");
        assertEquals(303, browser.get(back).statusCode());
        assertEquals(400, browser.get(back).statusCode(), "once");
        // The code of another sign-in has another verifier and nonce.
        var mine = new Browser();
        var own = mine.toProvider("/", "login=" + Http.anId("s"));
        var theirs = new Browser().toProvider("/", "login=" + Http.anId("s"));
        var injected = own.replaceFirst("code=[^&]*", theirs.replaceFirst(".*(code=[^&]*).*", "$1"));
        assertEquals(400, mine.get(injected).statusCode(), "an injected code");
    }

    @Test
    void itLeadsToNoOtherSite() throws Exception {
        for (var wanted : List.of(
                "https://evil.example", "//evil.example", "/%5Cevil.example", "javascript:alert(1)", "/a%0d%0ab", "")) {
            var browser = new Browser();
            var answer = browser.signIn(wanted, "login=" + Http.anId("s"));
            assertEquals("/", location(answer), wanted);
            var cart = browser.get("/sign-in/cart?return=" + wanted);
            assertEquals("/", location(cart), wanted);
        }
    }

    @Test
    void whoDoesNotSignInGoesBackAsAGuest() throws Exception {
        var browser = new Browser();
        browser.get("/cart");
        var guest = guest(browser);
        var back = browser.toProvider("/cart", "login=x").replaceFirst("code=[^&]*", "error=access_denied");
        var answer = browser.get(back);
        assertEquals(303, answer.statusCode(), answer::body);
        assertEquals("/cart", location(answer));
        assertEquals(guest, guest(browser));
    }
}
