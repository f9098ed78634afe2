package dev.meridian.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PageAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.browser.Axe;
import dev.meridian.testing.browser.Browsing;
import dev.meridian.testing.browser.Browsing.Look;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The store in a real browser: the whole purchase with and without scripts, on a phone and a desktop, and the
/// rules for every page.
@Tag("browser")
@QuarkusTest
@ComponentTest
class StorefrontTest {
    private static final int WEIGHT_MAX = 100_000;
    private static final Pattern PATH_OF_ORDER = Pattern.compile(".*/orders/[0-9A-HJKMNP-TV-Z]{26}$");

    private static final List<Look> VISITORS = List.of(
            new Look(true, false, false),
            new Look(true, true, true),
            new Look(false, false, true),
            new Look(false, true, false));
    private static final List<Look> LOOKS = List.of(
            new Look(true, false, false),
            new Look(true, false, true),
            new Look(true, true, false),
            new Look(true, true, true));

    /// Idle browsers; only one thread at a time uses each.
    private static final BlockingQueue<Browsing> BROWSERS = new LinkedBlockingQueue<>();

    /// The browser of the cases with a single visit.
    private static Browsing browsing;

    /// The browser of the cases that mostly wait. They begin with the first case and run beside the others.
    private static Browsing waiting;

    private static FutureTask<Void> status;
    private static FutureTask<Void> accepted;

    @BeforeAll
    static void open() {
        browsing = new Browsing();
        BROWSERS.add(browsing);
        for (int i = 1; i < VISITORS.size(); i++) BROWSERS.add(new Browsing());
        waiting = new Browsing();
        status = null;
    }

    @AfterAll
    static void close() throws InterruptedException {
        if (status != null) {
            for (var task : List.of(status, accepted)) {
                try {
                    task.get();
                } catch (ExecutionException _) {
                    // Its case says so.
                }
            }
        }
        if (waiting != null) waiting.close();
        BROWSERS.forEach(Browsing::close);
        BROWSERS.clear();
    }

    /// The address is known only while a case runs.
    @BeforeEach
    void beginToWait() throws IOException, InterruptedException {
        if (status != null) return;
        var address = Http.uri("").toString();
        var product = slowProduct();
        status = new FutureTask<>(() -> watchStatus(address), null);
        accepted = new FutureTask<>(() -> orderTheSlowProduct(product, address));
        Thread.ofPlatform().start(() -> {
            status.run();
            accepted.run();
        });
    }

    @AfterEach
    void nothingForbiddenHappened() {
        nothingForbiddenHappened(browsing);
    }

    private static void nothingForbiddenHappened(Browsing browsing) {
        var faults = List.copyOf(browsing.faults);
        browsing.faults.clear();
        browsing.leave();
        assertEquals(List.of(), faults);
    }

    /// The actions of a visitor, in a new browser context.
    private interface Visit {
        void make(Page page, Look look) throws Exception;
    }

    /// One case for each look. All visits run concurrently, since most of a visit is waiting.
    private static Stream<DynamicTest> each(List<Look> looks, Visit visit) {
        return looks.stream()
                .map(look -> {
                    var run = new FutureTask<>(made(visit, look));
                    Thread.ofPlatform().start(run);
                    return DynamicTest.dynamicTest(look.toString(), run::get);
                })
                .toList()
                .stream();
    }

    private static Callable<Void> made(Visit visit, Look look) {
        return () -> {
            var mine = BROWSERS.take();
            try {
                visit.make(mine.visit(look), look);
                nothingForbiddenHappened(mine);
            } finally {
                mine.faults.clear();
                mine.leave();
                BROWSERS.add(mine);
            }
            return null;
        };
    }

    private static void card(Page page, String number) {
        page.fill("input[name=cardHolder]", "Wren Quayside");
        page.fill("input[name=cardNumber]", number);
        page.fill("input[name=expiryDate]", "12/30");
        page.fill("input[name=cvc]", "123");
        page.click("#payment-submit");
    }

    /// From the cart to the payment form, with the prefilled address.
    private static void toPayment(Page page) {
        page.navigate("/cart");
        page.click("#checkout");
        page.click("#checkout-submit");
        page.click("#delivery-submit");
        assertThat(page.locator("h1")).hasText("Payment");
    }

    @TestFactory
    Stream<DynamicTest> theWholePurchase() {
        return each(VISITORS, (page, look) -> {
            page.navigate("/");
            assertThat(page.locator("body")).containsText("Current region: eu-west-1");
            assertThat(page.locator("#menu-home")).isVisible();
            Browsing.picture(page, "home-" + look);
            Browsing.view(page, "front-" + look);
            page.click("#shop-now");
            assertThat(page).hasURL(Pattern.compile(".*/catalog$"));
            Browsing.picture(page, "catalog-" + look);
            page.navigate("/catalog/moonmilk");
            page.fill("#quantity", "3");
            Browsing.picture(page, "product-" + look);
            page.click("#add-to-cart");
            assertThat(page).hasURL(Pattern.compile(".*/cart$"));
            page.navigate("/catalog?tag=&page=1&size=6");
            var card = page.locator(".product-card:has(.add-to-cart)").first();
            var name = card.locator(".product-name").innerText();
            var item =
                    ".cart-item:has(a[href='" + card.locator(".product-name a").getAttribute("href") + "'])";
            card.locator(".add-to-cart").click();
            assertThat(page.locator(".cart-item .item-name")).hasCount(2);
            assertThat(page.locator(item + " .item-name")).hasText(name);
            assertThat(page.locator(".cart-item:has(a[href='/catalog/moonmilk']) .item-quantity"))
                    .hasValue("3");
            Browsing.picture(page, "cart-" + look);
            page.locator(item).getByRole(AriaRole.BUTTON).last().click();
            assertThat(page.locator(".cart-item .item-name")).hasCount(1);
            assertThat(page.locator(".cart-subtotal")).hasText("$24.00");
            page.click("#checkout");
            Browsing.picture(page, "checkout-" + look);
            page.click("#checkout-submit");
            Browsing.picture(page, "delivery-" + look);
            page.check("input[value=priority-mail-express]");
            page.click("#delivery-submit");
            Browsing.picture(page, "payment-" + look);
            card(page, "4000123412341234");
            assertThat(page).hasURL(PATH_OF_ORDER);
            assertThat(page.locator("#order-subtotal")).hasText("$24.00");
            assertThat(page.locator("#order-shipping")).hasText("$25.00");
            assertThat(page.locator("#order-tax")).hasText("$5.00");
            assertThat(page.locator("#order-total")).hasText("$54.00");
            Browsing.picture(page, "order-" + look);
            var order = page.url();
            page.navigate("/cart");
            assertThat(page.locator(".cart-item")).hasCount(0);
            page.navigate("/orders");
            page.locator("tbody a").click();
            assertThat(page).hasURL(order);
        });
    }

    @Test
    void aRepeatedSubmitShowsTheSameOrderAndLeavesANewCartAlone() {
        var page = browsing.visit(new Look(true, false, false));
        page.navigate("/catalog/rune-tag");
        page.click("#add-to-cart");
        toPayment(page);
        card(page, "4000123412341234");
        assertThat(page).hasURL(PATH_OF_ORDER);
        var order = page.url();
        page.navigate("/catalog/rune-tag");
        page.click("#add-to-cart");
        page.navigate("/checkout/payment");
        card(page, "4000123412341234");
        assertThat(page).hasURL(order);
        page.navigate("/cart");
        assertThat(page.locator(".cart-item")).hasCount(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void mistakesComeBackAtTheirFieldsAndTheRestStays(boolean script) {
        var page = browsing.visit(new Look(script, false, false));
        page.navigate("/catalog/rune-tag");
        page.click("#add-to-cart");
        page.click("#checkout");
        page.fill("#firstName", "");
        page.fill("#zipCode", "123");
        page.fill("#state", "WAX");
        page.fill("#email", "nowhere");
        page.fill("#city", "<b>Galway");
        page.click("#checkout-submit");
        for (var message : List.of("First name is required", "Invalid zip code", "Invalid state", "Email invalid")) {
            assertThat(page.getByText(message)).isVisible();
        }
        assertThat(page.locator("#zipCode")).hasValue("123");
        assertThat(page.locator("#city")).hasValue("<b>Galway");
        assertThat(page.locator("#firstName")).hasAttribute("aria-describedby", "firstName-error");
        page.navigate("/checkout");
        page.click("#checkout-submit");
        page.click("#delivery-submit");
        card(page, "41112222");
        assertThat(page.getByText("Invalid card number")).isVisible();
        assertTrue(!page.content().contains("41112222"), "a card number came back");
        // With a script nothing was sent, so nothing has to be typed again.
        assertThat(page.locator("#cvc")).hasValue(script ? "123" : "");
        if (script) assertThat(page.locator("#cardNumber")).isFocused();
    }

    @ParameterizedTest
    @CsvSource({
        "JP, １０００００１, 東京都, 東京都 100-0001, Japan",
        "GB, sw1a2aa, '', SW1A 2AA, United Kingdom",
        "IE, '', Co. Galway, Co. Galway, Ireland"
    })
    void aPurchaseGoesToAnyCountry(String country, String zip, String state, String place, String name) {
        var page = browsing.visit(new Look(country.equals("GB"), false, false));
        page.navigate("/catalog/rune-tag");
        page.click("#add-to-cart");
        page.click("#checkout");
        page.selectOption("#country", country);
        page.fill("#zipCode", zip);
        page.fill("#state", state);
        page.click("#checkout-submit");
        page.click("#delivery-submit");
        card(page, "4000 1234-1234 1234");
        assertThat(page).hasURL(PATH_OF_ORDER);
        assertThat(page.locator("address")).containsText(place);
        assertThat(page.locator("address")).containsText(name);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCardLeavesTheBrowserOnlyWhereNoScriptRuns(boolean script) {
        var page = browsing.visit(new Look(script, false, false));
        page.navigate("/catalog/rune-tag");
        page.click("#add-to-cart");
        toPayment(page);
        var sent = page.waitForRequest(
                        request ->
                                request.method().equals("POST") && request.url().endsWith("/checkout/payment"),
                        () -> card(page, "4000123412341234"))
                .postData();
        assertThat(page).hasURL(PATH_OF_ORDER);
        for (var of : List.of("4000123412341234", "cardNumber", "cvc", "expiryDate", "Wren")) {
            assertEquals(!script, sent.contains(of), of);
        }
        assertEquals(script, sent.matches(".*(^|&)cardToken=sample-[0-9a-f]{32}(&.*|$)"), sent);
    }

    @Tag("long")
    @TestFactory
    Stream<DynamicTest> theSearchForgivesAndCanBeCleared() {
        return each(VISITORS, (page, look) -> {
            page.navigate("/catalog");
            page.fill("input[name=keyword]", "lantrn");
            page.press("input[name=keyword]", "Enter");
            assertThat(page.locator(".found")).containsText("Showing results for");
            assertThat(page.locator(".found")).containsText("products found");
            assertThat(page.locator(".product-card .product-name").first()).containsText("antern");
            page.getByText("Clear").click();
            assertThat(page).hasURL(Pattern.compile(".*/catalog$"));
            page.navigate("/catalog/search?keyword=");
            assertThat(page).hasURL(Pattern.compile(".*/catalog$"));
        });
    }

    @Test
    void aLikeCountsInPlaceOrAfterAReload() {
        for (var script : List.of(true, false)) {
            var page = browsing.visit(new Look(script, false, false));
            page.navigate("/");
            var mysfit = page.locator(".mysfit").nth(3);
            int before = Integer.parseInt(mysfit.locator("[data-likes]").innerText());
            mysfit.locator(".like").click();
            assertThat(page.locator(".mysfit").nth(3).locator("[data-likes]")).hasText(String.valueOf(before + 1));
            assertThat(page).hasURL(Pattern.compile(script ? ".*/$" : ".*/#mysfit-.*"));
        }
    }

    @Test
    void aMysfitIsAdoptedOnce() {
        var page = browsing.visit(new Look(false, true, false));
        var other = browsing.visit(new Look(true, false, false));
        page.navigate("/");
        other.navigate("/");
        var id = page.locator(".mysfit", new Page.LocatorOptions().setHas(page.locator(".adopt")))
                .last()
                .getAttribute("id");
        page.locator("#" + id + " .adopt").click();
        assertThat(page.locator("#" + id)).containsText("Has a home");
        other.locator("#" + id + " .adopt").click();
        assertThat(other.locator("h1")).hasText("This mysfit has a home already");
    }

    /// With scripts the board updates itself; without them the page reloads itself.
    @TestFactory
    Stream<DynamicTest> theLeaderboardRenewsItself() {
        return each(VISITORS, (page, look) -> {
            page.navigate("/leaderboard?country=BV");
            var player = Http.anId("player").substring(0, 20);
            Http.send(
                    "POST",
                    "/leaderboard",
                    "{\"player\":\"%s\",\"country\":\"%s\",\"score\":%d}"
                            .formatted(player, "BV", System.currentTimeMillis() / 10));
            if (!look.script()) page.reload();
            assertThat(page.locator("#board")).containsText(player);
            page.fill("#player", player);
            page.fill("section.panel #country", "BV");
            page.fill("#score", "many");
            page.click("#score-submit");
            assertThat(page.getByText("A whole number")).isVisible();
            page.fill("#score", "7");
            page.click("#score-submit");
            assertThat(page.locator("#board")).containsText(player);
            page.locator("#board a", new Page.LocatorOptions().setHasText("BV"))
                    .first()
                    .click();
            assertThat(page).hasURL(Pattern.compile(".*/leaderboard\\?country=BV$"));
            page.getByText("Worldwide", new Page.GetByTextOptions().setExact(true))
                    .click();
            assertThat(page.locator("#top")).hasText("The best worldwide");
            assertThat(page.locator("#board tbody tr").first()).isVisible();
        });
    }

    @TestFactory
    Stream<DynamicTest> theCatalogIsFilteredSortedAndTurned() {
        return each(VISITORS, (page, look) -> {
            page.navigate("/catalog?size=2");
            var cards = page.locator(".product-card .product-name");
            var first = cards.allInnerTexts();
            page.locator("a[rel=next]").click();
            assertThat(page).hasURL(Pattern.compile(".*page=2.*"));
            assertTrue(cards.allInnerTexts().stream().noneMatch(first::contains));
            page.locator("a[rel=prev]").click();
            assertThat(cards).hasText(first.toArray(String[]::new));
            page.navigate("/catalog");
            page.locator("select[name=tag]").selectOption("travel");
            page.locator("select[name=order]").selectOption("price_asc");
            page.locator("form.filters button").click();
            assertThat(page).hasURL(Pattern.compile(".*tag=travel.*order=price_asc.*"));
            assertThat(cards.filter(new Locator.FilterOptions().setHasText("Rune Name Tag")))
                    .hasCount(1);
            var prices = page.locator(".product-card .price").allInnerTexts().stream()
                    .map(text -> Double.parseDouble(text.replaceAll("[$,]", "")))
                    .toList();
            assertTrue(prices.size() > 1, prices::toString);
            assertEquals(prices.stream().sorted().toList(), prices);
        });
    }

    @TestFactory
    Stream<DynamicTest> theStatusShowsAllRegionsAndRenewsItself() {
        return VISITORS.stream().map(look -> DynamicTest.dynamicTest(look.toString(), status::get));
    }

    /// All visitors watch at once.
    private static void watchStatus(String address) {
        var pages = new LinkedHashMap<Look, Page>();
        for (var look : VISITORS) pages.put(look, waiting.visit(look, address));
        var other = Http.anId("ap");
        var third = Http.anId("us");
        pages.forEach((look, page) -> {
            page.navigate("/status");
            assertThat(page.locator("#region-eu-west-1")).containsText("here");
            assertThat(page.locator("#open-orders")).containsText("Open orders:");
        });
        try (var beats = new Beats()) {
            beats.write(other, Instant.now(), "UP", 4);
            pages.values().forEach(page -> seesBeat(page, other));
            beats.remove(other);
            beats.write(third, Instant.now(), "UP", 4);
            pages.forEach((look, page) -> {
                seesBeat(page, third);
                assertThat(page.locator("#region-" + other)).hasCount(0);
                Browsing.picture(page, "status-" + look);
            });
            beats.remove(third);
        }
        nothingForbiddenHappened(waiting);
    }

    private static void seesBeat(Page page, String region) {
        assertThat(page.locator("#region-" + region))
                .containsText("4 ms", new LocatorAssertions.ContainsTextOptions().setTimeout(30_000));
    }

    /// Other tests write newer tickets, so this follows the pages of the list to the ticket.
    private static void turnTo(Page page, Locator ticket) {
        page.navigate("/tickets");
        for (int turned = 0; turned < 200 && ticket.count() == 0; turned++) {
            page.navigate(page.locator("a[rel=next]").getAttribute("href"));
        }
    }

    @TestFactory
    Stream<DynamicTest> ticketsAreWrittenAndChangeState() {
        return each(VISITORS, (page, look) -> {
            page.navigate("/tickets");
            page.fill("#description", "Too short");
            page.click("#ticket-submit");
            assertThat(page.getByText("10 to 2,000 characters, please")).isVisible();
            var text = "The lantern flickers " + Http.anId("t");
            page.fill("#description", text);
            page.fill("#createdBy", "Wren");
            page.waitForResponse(answer -> answer.status() == 303, () -> page.click("#ticket-submit"));
            var ticket = page.locator(".ticket", new Page.LocatorOptions().setHasText(text));
            turnTo(page, ticket);
            assertThat(ticket).containsText("open");
            ticket.locator("select").selectOption("closed");
            page.waitForResponse(
                    answer -> answer.status() == 303,
                    () -> ticket.getByRole(AriaRole.BUTTON).click());
            turnTo(page, ticket);
            assertThat(page.locator(".ticket", new Page.LocatorOptions().setHasText(text))
                            .locator("select"))
                    .hasValue("closed");
        });
    }

    @Tag("long")
    @TestFactory
    Stream<DynamicTest> soldOutIsAPageThatSaysSo() {
        return each(VISITORS, (page, look) -> {
            var id = Http.anId("rare");
            Http.send(
                    "PUT",
                    "/catalog/products/" + id,
                    "{\"name\":\"Rare bell\",\"description\":\"One of one.\",\"price\":9,\"tags\":[],\"stock\":1}");
            page.navigate("/catalog/" + id);
            page.fill("#quantity", "2");
            page.click("#add-to-cart");
            toPayment(page);
            card(page, "4000123412341234");
            assertThat(page.locator("h1")).hasText("Somebody was quicker: it is sold out");
            Browsing.picture(page, "sold-out");
            page.navigate("/cart");
            assertThat(page.locator(".cart-item")).hasCount(1);
            page.fill(".item-quantity", "1");
            page.press(".item-quantity", "Enter");
            assertThat(page.locator(".cart-subtotal")).hasText("$9.00");
            toPayment(page);
            card(page, "4000123412341234");
            assertThat(page).hasURL(PATH_OF_ORDER);
            page.getByText("Cancel the order").click();
            assertThat(page.locator("#state h1")).hasText("This order was cancelled");
        });
    }

    @TestFactory
    Stream<DynamicTest> whatIsNotThereIsAPageThatSaysSo() {
        return each(VISITORS, (page, look) -> {
            for (var path : List.of("/nowhere", "/catalog/nothing", "/orders/00000000000000000000000000")) {
                assertEquals(404, page.navigate(path).status(), path);
                assertThat(page.locator("h1")).hasText("There is nothing at this berth");
                page.getByText("To the front page").click();
                assertThat(page.locator("#shop-now")).isVisible();
            }
        });
    }

    @Test
    void anAcceptedOrderSaysSoAndTurnsConfirmedByItself() throws Exception {
        accepted.get();
    }

    /// @return its id
    private static String slowProduct() throws IOException, InterruptedException {
        var id = Http.anId("slow");
        Http.send(
                "PUT",
                "/catalog/products/" + id,
                "{\"name\":\"Slow bell\",\"description\":\"Rings late.\",\"price\":9,\"tags\":[],\"stock\":3}");
        return id;
    }

    /// The product's row is locked, so the writer cannot decide in time.
    private static Void orderTheSlowProduct(String id, String address) throws SQLException {
        var page = waiting.visit(new Look(true, false, false), address);
        page.setDefaultNavigationTimeout(30_000);
        page.navigate("/catalog/" + id);
        page.click("#add-to-cart");
        toPayment(page);
        try (var connection = DriverManager.getConnection(
                "jdbc:" + System.getProperty("stores.meridian.sql.writer-url"), "postgres", "postgres")) {
            connection.setAutoCommit(false);
            try (var lock = connection.prepareStatement("SELECT FROM products WHERE id = ? FOR UPDATE")) {
                lock.setString(1, id);
                lock.executeQuery();
            }
            card(page, "4000123412341234");
            assertThat(page).hasURL(PATH_OF_ORDER, new PageAssertions.HasURLOptions().setTimeout(30_000));
            assertThat(page.locator("#state h1")).hasText("Your order is written down");
            assertThat(page.locator("#order-total")).hasText("$24.00");
            Browsing.picture(page, "accepted");
        }
        var again = page.context().newPage();
        again.navigate("/checkout/payment");
        card(again, "4000123412341234");
        assertThat(again).hasURL(page.url());
        assertThat(page.locator("#state h1"))
                .hasText("Thank you, it is yours", new LocatorAssertions.HasTextOptions().setTimeout(20_000));
        nothingForbiddenHappened(waiting);
        return null;
    }

    /// Every page, with its own cart and order: passes axe, and stays within its size limit.
    @Tag("long")
    @TestFactory
    Stream<DynamicTest> everyPageIsAccessibleAndLight() {
        return each(LOOKS, (page, look) -> {
            var axe = new Axe();
            page.navigate("/catalog/rune-tag");
            page.click("#add-to-cart");
            toPayment(page);
            card(page, "4000123412341234");
            var order = page.url();
            page.navigate("/catalog/rune-tag");
            page.click("#add-to-cart");
            toPayment(page);
            var faults = new ArrayList<String>();
            var paths = List.of(
                    "/",
                    "/catalog",
                    "/catalog/search?keyword=oats",
                    "/catalog/moonmilk",
                    "/cart",
                    "/checkout",
                    "/checkout/delivery",
                    "/checkout/payment",
                    order,
                    "/orders",
                    "/leaderboard",
                    "/tickets",
                    "/status",
                    "/nowhere",
                    "/catalog?page=0");
            for (var path : paths) {
                var answer = page.navigate(path);
                if (answer.body().length > WEIGHT_MAX) faults.add(path + " weighs " + answer.body().length);
                axe.check(page).forEach(fault -> faults.add(path + " " + fault));
                boolean scrolls = (boolean) page.evaluate("() => document.documentElement.scrollWidth > innerWidth");
                if (scrolls) faults.add(path + " scrolls sideways");
                Browsing.picture(page, "all-" + paths.indexOf(path) + "-" + look);
            }
            page.navigate("/checkout");
            page.fill("#firstName", "");
            page.click("#checkout-submit");
            axe.check(page).forEach(fault -> faults.add("mistakes " + fault));
            assertTrue(faults.isEmpty(), () -> String.join("\n", faults));
        });
    }
}
