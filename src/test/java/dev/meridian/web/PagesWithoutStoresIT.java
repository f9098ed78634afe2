package dev.meridian.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import dev.meridian.testing.TcpProxy;
import dev.meridian.testing.browser.Axe;
import dev.meridian.testing.browser.Browsing;
import dev.meridian.testing.browser.Browsing.Look;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Pages in a real browser while a store hangs: an error page with a way to retry, which works when the store
/// is back. The cart loses nothing.
@Tag("process")
class PagesWithoutStoresIT {
    private static final StoresResource STORES = new StoresResource();
    private static final String SORRY = "We cannot answer just now";

    private static TcpProxy dynamo;
    private static TcpProxy postgres;
    private static ServiceProcess service;
    private static Browsing browsing;

    @BeforeAll
    static void start() throws Exception {
        browsing = new Browsing();
        var config = new HashMap<>(STORES.start());
        var dynamoUri = URI.create(config.get("quarkus.dynamodb.endpoint-override"));
        var postgresUri = URI.create(config.get("meridian.sql.writer-url"));
        dynamo = new TcpProxy(dynamoUri.getHost(), dynamoUri.getPort());
        postgres = new TcpProxy(postgresUri.getHost(), postgresUri.getPort());
        config.putAll(Map.of(
                "quarkus.profile", "test",
                "quarkus.dynamodb.endpoint-override", "http://localhost:" + dynamo.port(),
                "meridian.sql.writer-url", "postgresql://localhost:" + postgres.port() + "/postgres",
                "meridian.sql.reader-url", "postgresql://localhost:" + postgres.port() + "/postgres",
                "meridian.dynamo.timeout", "1s",
                "meridian.dynamo.attempt-timeout", "400ms",
                "meridian.sql.read-timeout", "1s",
                "meridian.sql.write-timeout", "1s"));
        service = ServiceProcess.serve(config);
    }

    @AfterAll
    static void stop() throws Exception {
        if (service != null) service.close();
        if (dynamo != null) dynamo.close();
        if (postgres != null) postgres.close();
        if (browsing != null) browsing.close();
        STORES.stop();
    }

    @AfterEach
    void allWorksAgain() {
        dynamo.pass();
        postgres.pass();
        var faults = List.copyOf(browsing.faults);
        browsing.faults.clear();
        browsing.leave();
        assertEquals(List.of(), faults);
        Awaitility.await()
                .atMost(java.time.Duration.ofSeconds(20))
                .until(() -> service.send("GET", "/health", null).statusCode() == 200
                        && service.send("GET", "/catalog/size", null).statusCode() == 200);
    }

    static Stream<Look> visitors() {
        return Stream.of(
                new Look(true, false, false),
                new Look(true, true, true),
                new Look(false, true, false),
                new Look(false, false, true));
    }

    private static Page visit(Look look) {
        return browsing.visit(look, "http://localhost:" + service.port());
    }

    private static Locator again(Page page) {
        return page.getByText("Try again", new Page.GetByTextOptions().setExact(true));
    }

    /// Waits until a pool has found its server again.
    private static void tryAgainUntil(Page page, Pattern address, String heading) {
        for (int tries = 0; tries < 20 && page.locator("h1").innerText().equals(SORRY); tries++)
            again(page).click();
        assertThat(page.locator("h1")).hasText(heading);
        assertThat(page).hasURL(address);
    }

    @ParameterizedTest
    @MethodSource("visitors")
    void aCartOutlivesItsStore(Look look) throws Exception {
        var page = visit(look);
        page.navigate("/catalog/rune-tag");
        page.fill("#quantity", "3");
        page.click("#add-to-cart");
        assertThat(page.locator(".item-quantity")).hasValue("3");
        dynamo.hang();
        var answer = page.navigate("/cart");
        assertEquals(503, answer.status());
        assertThat(page.locator("h1")).hasText(SORRY);
        assertEquals(List.of(), new Axe().checkWhereScriptsRun(page, look));
        Browsing.picture(page, "unavailable-" + look);
        again(page).click();
        assertThat(page.locator("h1")).hasText(SORRY);
        dynamo.pass();
        tryAgainUntil(page, Pattern.compile(".*/cart$"), "Your cart");
        assertThat(page.locator(".item-quantity")).hasValue("3");
    }

    /// The retry link leads to the requested page, with its full query.
    @Test
    void theWayBackKeepsTheQuestion() {
        var page = visit(new Look(false, false, false));
        postgres.hang();
        page.navigate("/catalog/search?keyword=lantern+%3C%22%26&page=1&size=6");
        assertThat(page.locator("h1")).hasText(SORRY);
        assertEquals(
                "/catalog/search?keyword=lantern+%3C%22%26&page=1&size=6",
                again(page).getAttribute("href"));
        postgres.pass();
        tryAgainUntil(page, Pattern.compile(".*keyword=lantern\\+%3C%22%26&page=1&size=6$"), "Search");
    }

    /// A link cannot resend a form, so it leads back to the page with the form.
    @Test
    void aFormThatWasNotTakenLeadsBackToItsPage() {
        var page = visit(new Look(true, false, false));
        page.navigate("/catalog/rune-tag");
        dynamo.hang();
        page.click("#add-to-cart");
        assertThat(page.locator("h1")).hasText(SORRY);
        dynamo.pass();
        tryAgainUntil(page, Pattern.compile(".*/catalog/rune-tag$"), "Rune Name Tag");
        page.click("#add-to-cart");
        assertThat(page.locator(".cart-item")).hasCount(1);
    }

    @Test
    void theFrontPageShowsWhatThereIs() {
        var page = visit(new Look(true, true, false));
        dynamo.hang();
        assertEquals(200, page.navigate("/").status());
        assertThat(page.locator(".product-card").first()).isVisible();
        assertThat(page.locator(".mysfit")).hasCount(0);
        Browsing.picture(page, "front-without-mysfits");
    }
}
