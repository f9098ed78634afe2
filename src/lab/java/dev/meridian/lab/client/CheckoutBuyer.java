package dev.meridian.lab.client;

import dev.meridian.lab.client.History.Placed;
import dev.meridian.lab.client.LabHttp.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Buys through the checkout, each time as a new customer without a cart.
final class CheckoutBuyer {
    private final History history;
    private final LabHttp http;
    private final Random random;

    CheckoutBuyer(Workload workload, LabHttp http, Random random) {
        this.history = workload.history();
        this.http = http;
        this.random = random;
    }

    /// Makes a checkout and submits it, sometimes twice, with retries. Half of the customers name it.
    ///
    /// @param wishes the lines of each update; the last one is to be ordered
    /// @return the possible orders, one for each update
    List<Placed> buy(List<Map<String, Integer>> wishes) {
        var basket = new Basket(http.customer() + "-b" + http.next());
        history.baskets.add(basket);
        for (var wish : wishes) if (!update(basket, wish)) return List.of();
        // A second submit, through the Region of another client: at the same time, or afterwards.
        int twice = random.nextInt(4);
        boolean isNamed = random.nextBoolean();
        var other = twice == 0 ? Thread.ofVirtual().start(() -> submit(basket, isNamed, http.otherName())) : null;
        for (int i = 0; i < LabHttp.TRIES; i++) {
            var answer = submit(basket, isNamed, http.name());
            boolean isLate = answer.status() == 404 || Basket.isOther(answer);
            if (answer.isDefinite() && !isLate) break;
            // The checkout was acknowledged, so replication will bring it.
            if (isLate) LabHttp.pause();
        }
        if (twice == 1) submit(basket, isNamed, http.otherName());
        LabHttp.join(other);
        read(basket);
        return basket.versions();
    }

    /// Sent only once: an update without a response may be applied late and replace the next one.
    ///
    /// @return whether it was acknowledged
    private boolean update(Basket basket, Map<String, Integer> lines) {
        var items = new ArrayList<String>();
        lines.forEach((product, n) -> items.add("{\"id\":\"" + product + "\",\"quantity\":" + n + "}"));
        var body = """
                {"items":%s,"shippingAddress":{"firstName":"Tomas","lastName":"Lindqvist","email":"tomas@example.com",\
                "address1":"3 Kiln Street","city":"Port Isle","zip":"04521","state":"ME"},\
                "deliveryOptionToken":"priority-mail"}""".formatted(items);
        var answer = http.send("POST", "/checkout/" + basket.customer() + "/update", body, null);
        if (!answer.isDefinite()) basket.unanswered();
        if (!answer.isGood()) return false;
        var placed = basket.updated(lines, answer);
        history.orders.put(placed.key, placed);
        return true;
    }

    private Answer submit(Basket basket, boolean isNamed, String as) {
        var before = basket.seen();
        var body = isNamed ? basket.agreement() : null;
        var answer = http.send("POST", "/checkout/" + basket.customer() + "/submit", body, null, as);
        basket.submitted(answer, isNamed, before).ifPresent(history.wrongReads::add);
        return answer;
    }

    private void read(Basket basket) {
        var before = basket.seen();
        var answer = http.send("GET", "/checkout/" + basket.customer(), null, null);
        basket.read(answer, before).ifPresent(history.wrongReads::add);
        if (answer.isGood()) history.reads.increment();
    }
}
