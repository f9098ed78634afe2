package dev.meridian.lab;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import com.microsoft.playwright.assertions.PageAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.meridian.lab.drill.Attempt;
import dev.meridian.lab.drill.Drill;
import dev.meridian.lab.drill.DrillOptions;
import dev.meridian.lab.fault.Fault;
import dev.meridian.lab.page.LabServer;
import dev.meridian.testing.Http;
import dev.meridian.testing.browser.Axe;
import dev.meridian.testing.browser.Browsing;
import dev.meridian.testing.browser.Browsing.Look;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The demonstrations: a cart that outlives its Region, the page of the lab, and a drill, all in one lab.
@Tag("lab")
class CartSurvivesIT {
    private static final Pattern REGION = Pattern.compile("Current region: (\\S+)");
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final PageAssertions.HasURLOptions PATIENT = new PageAssertions.HasURLOptions().setTimeout(30_000);

    private static Browsing browsing;
    private static Lab lab;
    private static LabServer server;

    @BeforeAll
    static void open() throws IOException {
        browsing = new Browsing();
        lab = LabMain.start(LabOptions.quick(Http.anId("").hashCode()).withRate(20), System.out);
        server = new LabServer(lab, 0);
    }

    @AfterAll
    static void close() {
        if (server != null) server.close();
        if (lab != null) lab.close();
        if (browsing != null) browsing.close();
    }

    @BeforeEach
    void allIsWell() {
        lab.stopLoad();
        if (!lab.state().activeFaults().isEmpty()) lab.heal();
    }

    @AfterEach
    void nothingForbiddenHappened() {
        var faults = List.copyOf(browsing.faults);
        browsing.faults.clear();
        browsing.leave();
        assertEquals(List.of(), faults);
    }

    private static String region(Page page) {
        var text = REGION.matcher(page.locator("footer .region").innerText());
        return text.find() ? text.group(1) : "";
    }

    /// Reloads until the page appears, like a user.
    private static void reach(Page page, String path, Locator sign) {
        await().atMost(SOON).until(() -> {
            var answer = page.navigate(path);
            return answer != null && answer.status() == 200 && sign.count() > 0;
        });
    }

    @Test
    void aCartSurvivesTheLossOfTheRegionThatServedIt() {
        var page = browsing.visit(new Look(true, false, false), lab.router().toString());
        page.navigate("/");
        assertThat(page.locator("body")).containsText(REGION);
        page.navigate("/catalog/moonmilk");
        page.fill("#quantity", "3");
        page.click("#add-to-cart");
        // The router may name the other Region next, which has not received it yet.
        reach(page, "/cart", page.locator(".cart-item"));
        var serving = region(page);
        assertTrue(lab.regions().contains(serving), serving);
        Browsing.picture(page, "lab-cart-before");
        // A write of the last moment is lost with its Region; this one was copied long ago.
        await().atMost(SOON).until(() -> lab.state().dynamoLagMillis() == 0);

        lab.inject(Fault.LOSE_REGION, serving);
        if (lab.state().sqlWriter().equals("none")) lab.inject(Fault.PROMOTE, serving);
        reach(page, "/cart", page.locator(".cart-item"));
        var other = region(page);
        assertNotEquals(serving, other);
        assertThat(page.locator(".cart-item .item-quantity")).hasValue("3");
        assertThat(page.locator(".cart-subtotal")).hasText("$24.00");
        Browsing.picture(page, "lab-cart-after");
        page.navigate("/");
        assertThat(page.locator("main")).containsText("Current region: " + other);

        page.navigate("/cart");
        page.click("#checkout");
        for (var field : List.of(
                List.of("firstName", "Wren"),
                List.of("lastName", "Quayside"),
                List.of("email", "wren@example.com"),
                List.of("address1", "7 Lantern Steps"),
                List.of("city", "Port Meridian"),
                List.of("zipCode", "98101"),
                List.of("state", "WA"))) {
            page.fill("input[name=" + field.get(0) + "]", field.get(1));
        }
        page.click("#checkout-submit");
        page.check("input[value=priority-mail-express]");
        page.click("#delivery-submit");
        page.fill("input[name=cardHolder]", "Wren Quayside");
        page.fill("input[name=cardNumber]", "4000123412341234");
        page.fill("input[name=expiryDate]", "12/30");
        page.fill("input[name=cvc]", "123");
        page.click("#payment-submit");
        assertThat(page).hasURL(Pattern.compile(".*/orders/[0-9A-HJKMNP-TV-Z]{26}$"), PATIENT);
        assertThat(page.locator("#order-total")).hasText("$54.00");
        Browsing.picture(page, "lab-cart-order");
        page.navigate("/cart");
        assertThat(page.locator(".cart-item")).hasCount(0);
    }

    private static void press(Page page, String name) {
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(name).setExact(true))
                .click();
    }

    private static void says(Page page, String text) {
        assertThat(page.locator("#status")).hasText(text, new HasTextOptions().setTimeout(90_000));
    }

    @Test
    void aPressedFaultIsSeenAndTheVerdictIsShown() throws Exception {
        var axe = new Axe();
        var page = browsing.visit(new Look(true, false, false), server.uri().toString());
        page.setViewportSize(1440, 1000);
        page.navigate("/");
        assertThat(page.locator("#artifact")).containsText(lab.artifact());
        press(page, "Start the clients");
        says(page, "Start the clients: done.");
        // A Region that another test lost must first be seen to be healthy again.
        assertThat(page.locator(".region.first [data-rate]"))
                .hasText(Pattern.compile("[1-9].*/s"), new HasTextOptions().setTimeout(30_000));
        press(page, "Kill the service: us-east-1");
        assertThat(page.locator(".region.second [data-process]")).hasText("gone");
        assertThat(page.locator(".region.second [data-health]"))
                .hasText("out of traffic", new HasTextOptions().setTimeout(20_000));
        assertThat(page.locator(".region.first [data-share]"))
                .hasText("100 %", new HasTextOptions().setTimeout(20_000));
        Browsing.view(page, "lab-page");
        assertEquals(List.of(), axe.check(page));
        press(page, "Check all promises");
        says(page, "Check all promises: they hold.");
        assertThat(page.locator("#verdict .stamp")).hasText("All promises hold");
        assertThat(page.locator(".region.second [data-process]")).hasText("running");
        Browsing.picture(page, "lab-page-verdict");
    }

    @Test
    void aDrillMeasuresWhatItsClientsSaw() throws Exception {
        var folder = Path.of("target/lab/test");
        var options = DrillOptions.quick(System.nanoTime() % 100_000).withFolder(folder);
        var report = new Drill(lab, options, System.out).run();
        report.print(System.out);
        var page = report.write();
        var figures = report.figures();
        var loss = figures.loss();
        assertTrue(report.holds(), loss::toString);
        assertEquals(0, loss.missingAfter());
        assertEquals(0, loss.missingAtEnd());
        // A tail was lost, found and replayed.
        assertTrue(loss.reported() > 0 && loss.missing() >= loss.reported(), loss::toString);
        assertEquals(loss.reported(), loss.replayed());
        // The figures are those of the history.
        long orders = report.history().stream()
                .filter(one -> one.kind() == Attempt.Kind.ORDER && one.isAnswered())
                .count();
        assertEquals(orders, loss.acknowledged());
        assertTrue(orders >= 100, () -> orders + " orders");
        assertTrue(figures.faultAt() <= figures.promotedAt(), figures::toString);
        assertTrue(figures.promotedAt() < figures.failbackAt(), figures::toString);
        for (var outage : figures.failover()) {
            assertTrue(outage.sent() > 0 && outage.longestGap() > 0, outage::toString);
            assertTrue(outage.firstSuccess() > 0, outage::toString);
        }
        var json = new ObjectMapper().readTree(folder.resolve("drill.json").toFile());
        assertEquals(loss.missing(), json.at("/figuresMillis/loss/missing").asInt());
        assertEquals(
                figures.failover().get(3).longestGap(),
                json.at("/figuresMillis/failover/3/longestGap").asDouble(),
                1e-6);

        var text = Files.readString(page);
        assertEquals(5, text.split("<svg class=\"plot\"").length - 1);
        assertFalse(text.contains("NaN") || text.contains("{" + "plots}"), "the report has holes");
        var reader = browsing.visit(new Look(false, false, false), lab.router().toString());
        reader.setContent(text);
        assertThat(reader.locator(".stamp")).hasText("Nothing acknowledged is missing");
        Browsing.picture(reader, "drill-report");
    }
}
