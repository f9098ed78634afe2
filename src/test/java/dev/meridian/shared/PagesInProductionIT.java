package dev.meridian.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The pages of the packaged artifact as production runs it: the key of sessions, secure cookies, a load balancer that
/// ends TLS.
class PagesInProductionIT {
    private static final StoresResource STORES = new StoresResource();
    private static Map<String, String> stores;

    @BeforeAll
    static void startStores() {
        stores = STORES.start();
    }

    @AfterAll
    static void stopStores() {
        STORES.stop();
    }

    private static Map<String, String> production() {
        var config = new HashMap<String, String>();
        config.put("meridian.region", "eu-central-1");
        config.put("meridian.tables.prefix", "pages-");
        config.put("meridian.sql.writer-url", stores.get("meridian.sql.writer-url"));
        config.put("meridian.sql.reader-url", stores.get("meridian.sql.writer-url"));
        config.put("meridian.sql.username", "postgres");
        config.put("meridian.sql.password", "postgres");
        config.put("quarkus.dynamodb.endpoint-override", stores.get("quarkus.dynamodb.endpoint-override"));
        config.put("aws.accessKeyId", "local");
        config.put("aws.secretAccessKey", "local");
        return config;
    }

    @Test
    void withoutAKeyPagesSayWhatIsMissingAndApisWork() throws Exception {
        try (var service = ServiceProcess.serve(production())) {
            var page = service.send("GET", "/cart", null, "Accept", "text/html");
            assertEquals(503, page.statusCode(), page::body);
            assertTrue(page.headers().firstValue("Content-Type").orElse("").startsWith("text/html"), page::toString);
            assertTrue(page.headers().firstValue("Set-Cookie").isEmpty(), page::toString);
            assertEquals(200, service.send("GET", "/", null).statusCode());
            assertTrue(service.log().contains("meridian.session.key is not set"), service::log);
        }
    }

    @Test
    void withAKeyCookiesAreSecureAndFormsPassTheLoadBalancer() throws Exception {
        var config = production();
        config.put("meridian.session.key", "a key of some length for this test only");
        try (var service = ServiceProcess.serve(config)) {
            var page = service.send("GET", "/cart", null, "Accept", "text/html");
            assertEquals(200, page.statusCode(), page::body);
            var cookie = page.headers().firstValue("Set-Cookie").orElse("");
            assertTrue(cookie.endsWith("; HttpOnly; SameSite=Lax; Secure"), cookie);
            var host = "localhost:" + service.port();
            // 400 is the form's own answer to a post without a product: nobody stopped it on its way.
            assertEquals(400, post(host, "https://" + host).statusCode());
            assertEquals(403, post(host, "https://elsewhere.example").statusCode());
        }
    }

    private static HttpResponse<String> post(String host, String origin) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://" + host + "/cart"))
                    .header("Accept", "text/html")
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .header("X-Forwarded-Proto", "https")
                    .header("Origin", origin)
                    .POST(BodyPublishers.ofString("quantity=3"))
                    .build();
            return client.send(request, BodyHandlers.ofString());
        }
    }
}
