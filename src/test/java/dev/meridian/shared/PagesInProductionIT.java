package dev.meridian.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The pages of the packaged artifact as production runs it: the key of sessions, secure cookies.
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
    void withAKeyCookiesAreSecure() throws Exception {
        var config = production();
        config.put("meridian.session.key", "a key of some length for this test only");
        try (var service = ServiceProcess.serve(config)) {
            var page = service.send("GET", "/cart", null, "Accept", "text/html");
            assertEquals(200, page.statusCode(), page::body);
            var cookie = page.headers().firstValue("Set-Cookie").orElse("");
            assertTrue(cookie.endsWith("; HttpOnly; SameSite=Lax; Secure"), cookie);
        }
    }
}
