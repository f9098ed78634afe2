package dev.meridian.lab.client;

import dev.meridian.lab.client.History.Placed;
import dev.meridian.lab.cluster.Message;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/// A visitor with a browser: fills a cart, goes through the checkout, and pays: in one Region, and again in the
/// other one. Each time a new visitor. Meanwhile another tab adds to the cart.
final class PageBuyer {
    private static final String ADDRESS = "firstName=Wren&lastName=Quayside&email=wren%40example.com"
            + "&address1=7+Lantern+Steps&city=Port+Meridian&zipCode=98101&state=WA";
    private static final String CARD =
            "cardHolder=Wren+Quayside&cardNumber=4111111111111111&expiryDate=12%2F39&cvc=123";
    private static final Pattern CHECKOUT = Pattern.compile("name=\"?checkout\"?[^>]*value=\"?([0-9A-Z]{26})");
    private static final String ORDERS = "/orders/";

    private final Workload workload;
    private final LabHttp http;
    private final Random random;
    private String cookie;

    PageBuyer(Workload workload, LabHttp http, Random random) {
        this.workload = workload;
        this.http = http;
        this.random = random;
    }

    /// Gives up when a step before the payment has no good answer.
    void buy() {
        cookie = http.page("GET", "/", null, null, http.name())
                .header("Set-Cookie")
                .map(line -> line.split(";", 2)[0])
                .orElse(null);
        if (cookie == null) return;
        var product = workload.product(random.nextInt(4));
        int quantity = 1 + random.nextInt(3);
        if (!isThere(add(product, quantity), "/cart")) return;
        if (!isThere(form("/checkout", ADDRESS), "/checkout/delivery")) return;
        if (!isThere(form("/checkout/delivery", "token=priority-mail"), "/checkout/payment")) return;
        var drawn = CHECKOUT.matcher(
                http.page("GET", "/checkout/payment", null, cookie, http.name()).text());
        if (!drawn.find()) return;
        var placed = new Placed(customer(), drawn.group(1), Map.of(product, quantity));
        workload.history().orders.put(placed.key, placed);
        var units = new PaidUnits(placed, product, quantity, new AtomicLong(quantity), new AtomicLong(quantity));
        workload.history().payments.put(placed.customer, units);
        var tab = random.nextBoolean() ? Thread.ofVirtual().start(() -> addMore(units)) : null;
        pay(placed);
        LabHttp.join(tab);
    }

    /// The cookie is a version, the id of the customer, a time and a signature, with dots between them.
    private String customer() {
        return cookie.split("[.]")[1];
    }

    private Message form(String path, String form) {
        return http.page("POST", path, form, cookie, http.name());
    }

    private Message add(String product, int quantity) {
        return form("/cart", "productId=" + product + "&quantity=" + quantity);
    }

    private void addMore(PaidUnits units) {
        int more = 1 + random.nextInt(3);
        units.attempted().addAndGet(more);
        if (isThere(add(units.product(), more), "/cart")) units.acknowledged().addAndGet(more);
    }

    /// At first here, then in the other Region. That one may not have the checkout yet, and leads elsewhere.
    private void pay(Placed placed) {
        var form = CARD + "&checkout=" + placed.key;
        boolean isPaid = false;
        for (int i = 0; i < 2 * LabHttp.TRIES; i++) {
            var as = i % 2 == 0 ? http.name() : http.otherName();
            var answer = http.page("POST", "/checkout/payment", form, cookie, as);
            var order = location(answer).filter(path -> path.startsWith(ORDERS));
            if (order.isPresent()) {
                var region = answer.header("X-Region").orElse("");
                placed.answered(202, "ACCEPTED", order.get().substring(ORDERS.length()), region);
            }
            if (isPaid && order.isPresent()) return;
            isPaid |= order.isPresent();
            if (isPaid && random.nextInt(3) == 0) return;
            if (order.isEmpty()) LabHttp.pause();
        }
    }

    private static Optional<String> location(Message answer) {
        return answer.header("Location").map(place -> place.replaceFirst("^https?://[^/]*", ""));
    }

    private static boolean isThere(Message answer, String place) {
        return answer.status() == 303 && location(answer).filter(place::equals).isPresent();
    }
}
