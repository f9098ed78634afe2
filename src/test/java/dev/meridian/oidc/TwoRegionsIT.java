package dev.meridian.oidc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.testing.Http;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The packaged artifact in production, twice, as two Regions whose tables are one: somebody signs in across both, and
/// out of both; and the provider is away.
@Tag("process")
class TwoRegionsIT {
    private static final String PREFIX = "identity-";
    private static final StoresResource STORES = new StoresResource();
    private static Map<String, String> stores;

    @BeforeAll
    static void startStores() throws Exception {
        stores = STORES.start();
        ServiceProcess.makeTables(stores, PREFIX);
    }

    @AfterAll
    static void stopStores() {
        STORES.stop();
    }

    private static ServiceProcess serve(String region, Map<String, String> provider) throws Exception {
        var config = new HashMap<>(ServiceProcess.production(stores, PREFIX, stores.get("meridian.sql.writer-url")));
        config.putAll(provider);
        config.put("meridian.region", region);
        config.put("meridian.session.key", "the same key in both Regions, of course");
        config.put("meridian.session.secure", "false");
        config.put("meridian.oidc.public-url", "http://localhost:1");
        return ServiceProcess.serve(config);
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElseThrow(() -> new AssertionError(answer + answer.body()));
    }

    private static String cookie(HttpResponse<String> answer, String name) {
        return answer.headers().allValues("Set-Cookie").stream()
                .filter(cookie -> cookie.startsWith(name + "="))
                .findFirst()
                .orElseThrow(() -> new AssertionError(answer + answer.body()))
                .split(";")[0];
    }

    /// Begins in one Region and comes back to the other.
    ///
    /// @return the cookie
    private static String signIn(ServiceProcess here, ServiceProcess there, String subject) throws Exception {
        var begun = here.send("GET", "/sign-in", null, "Accept", "text/html");
        assertEquals(303, begun.statusCode(), begun::body);
        var sent = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(header(begun, "Location") + "&login=" + subject))
                                .build(),
                        BodyHandlers.ofString());
        var back = URI.create(header(sent, "Location"));
        var answer = there.send(
                "GET",
                back.getRawPath() + "?" + back.getRawQuery(),
                null,
                "Accept",
                "text/html",
                "Cookie",
                cookie(begun, "meridian-sign-in"));
        assertEquals(303, answer.statusCode(), answer::body);
        return cookie(answer, "meridian-session");
    }

    private static int cart(ServiceProcess region, String subject, String... headers) throws Exception {
        return region.send("GET", "/carts/u-" + subject, null, headers).statusCode();
    }

    @Test
    void aSessionHoldsInBothRegionsAndWithoutTheProviderAndEndsInBoth() throws Exception {
        var provider = new TestProvider();
        var settings = provider.start();
        var subject = Http.anId("s");
        try (var east = serve("us-east-1", settings);
                var west = serve("eu-west-1", settings)) {
            var session = signIn(west, east, subject);
            assertEquals(200, cart(west, subject, "Cookie", session));
            assertEquals(200, cart(east, subject, "Cookie", session));
            var bearer = TestProvider.person(subject);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> cart(east, subject, "Authorization", bearer) == 200);

            provider.stop();
            assertEquals(200, cart(east, subject, "Authorization", bearer), "the keys stay");
            var refused = west.send("GET", "/sign-in", null, "Accept", "text/html");
            assertEquals(503, refused.statusCode(), refused::body);
            try (var later = serve("eu-west-1", settings)) {
                assertEquals(200, cart(later, subject, "Cookie", session), "starts without the provider");
                assertEquals(200, later.send("GET", "/catalog/size", null).statusCode());
                assertEquals(201, later.send("POST", "/sessions", null).statusCode());
                assertEquals(503, cart(later, subject, "Authorization", bearer), "no keys yet");
                var page = later.send("GET", "/sign-in", null, "Accept", "text/html");
                assertEquals(503, page.statusCode(), page::body);
                assertTrue(page.body().contains("Nobody can sign in just now"), page::body);
            }

            var out = west.send("POST", "/sign-out", null, "Accept", "text/html", "Cookie", session);
            assertEquals(303, out.statusCode(), out::body);
            assertEquals(401, cart(west, subject, "Cookie", session));
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> cart(east, subject, "Cookie", session) == 401);
        }
    }
}
