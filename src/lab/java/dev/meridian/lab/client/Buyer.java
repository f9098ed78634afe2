package dev.meridian.lab.client;

import dev.meridian.lab.client.History.Placed;
import dev.meridian.lab.client.LabHttp.Answer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Orders of one client: places them, reads them again, cancels some.
final class Buyer {
    private final Workload workload;
    private final History history;
    private final LabHttp http;
    private final Random random;
    private final List<Placed> own = new ArrayList<>();

    Buyer(Workload workload, LabHttp http, Random random) {
        this.workload = workload;
        this.history = workload.history();
        this.http = http;
        this.random = random;
    }

    /// A random order: one or two products, sometimes one with low stock.
    Map<String, Integer> wish() {
        var lines = new LinkedHashMap<String, Integer>();
        lines.put(
                workload.product(random.nextInt(8) == 0 ? 4 + random.nextInt(2) : random.nextInt(4)),
                1 + random.nextInt(3));
        if (random.nextBoolean()) lines.putIfAbsent(workload.product(random.nextInt(4)), 1 + random.nextInt(3));
        return lines;
    }

    void order() {
        var lines = wish();
        var placed = new Placed(http.customer(), http.key("order"), Map.copyOf(lines), body(lines));
        history.orders.put(placed.key, placed);
        // The same order a second time, through the Region of another client: at the same time, or afterwards.
        int twice = random.nextInt(8);
        var other = twice == 0 ? Thread.ofVirtual().start(() -> place(placed, http.otherName())) : null;
        for (int i = 0; i < LabHttp.TRIES; i++) {
            if (place(placed, http.name()).isDefinite()) break;
        }
        if (twice == 1) place(placed, http.otherName());
        LabHttp.join(other);
        owns(placed);
        if (placed.isAcknowledged && random.nextInt(6) == 0) cancelAtOnce(placed);
    }

    /// Somebody who regrets it, in this Region or in the other one, which may not know the order yet.
    private void cancelAtOnce(Placed placed) {
        var as = random.nextInt(3) == 0 ? http.otherName() : http.name();
        for (int i = 0; i < LabHttp.TRIES; i++) {
            var answer = cancel(placed, as);
            if (answer.isDefinite() && answer.status() != 404) return;
        }
    }

    private Answer cancel(Placed placed, String as) {
        var answer = http.send(
                "POST", "/orders/" + placed.ids.iterator().next() + "/cancel", null, null, as, placed.customer);
        placed.cancelled(answer.status(), answer.replica());
        return answer;
    }

    /// Remembers an order for later, if it was accepted.
    void owns(Placed placed) {
        if (placed.isAcknowledged) own.add(placed);
    }

    private static String body(Map<String, Integer> lines) {
        var items = new ArrayList<String>();
        lines.forEach((product, n) -> items.add("{\"productId\":\"" + product + "\",\"quantity\":" + n + "}"));
        return """
                {"shippingAddress":{"firstName":"Nadia","lastName":"Okafor","email":"nadia@example.com",\
                "address1":"12 Lantern Row","city":"Port Isle","zipCode":"04521","state":"ME"},"items":%s}""".formatted(items);
    }

    private Answer place(Placed placed, String as) {
        var answer = http.send("POST", "/orders", placed.body, placed.key, as);
        placed.answered(
                answer.status(), answer.state(), answer.body().path("id").asText(null), answer.replica());
        costs(placed, answer);
        return answer;
    }

    private static void costs(Placed placed, Answer answer) {
        if (answer.isGood())
            placed.costs(OrderAmounts.ofAnswer(answer.body()), !answer.state().equals("ACCEPTED"));
    }

    void cancel() {
        // Those that are only accepted too, and those whose cancellation is not carried out yet.
        var left = own.stream().filter(placed -> !placed.wasCancelled).toList();
        if (left.isEmpty()) return;
        cancel(left.get(random.nextInt(left.size())), http.name());
    }

    /// @return whether there was an order to read
    boolean readOwn() {
        if (own.isEmpty()) return false;
        var placed = own.get(own.size() - 1 - random.nextInt(Math.min(own.size(), 10)));
        var answer =
                http.send("GET", "/orders/" + placed.ids.iterator().next(), null, null, http.name(), placed.customer);
        placed.read(answer.status(), answer.body().path("status").asText(), answer.replica());
        costs(placed, answer);
        if (answer.isGood()) history.reads.increment();
        // Another Region may not have the entry yet.
        if (answer.isDefinite() && !answer.isGood() && answer.replica().equals(placed.region))
            history.wrongReads.add("an acknowledged order is not found where it was taken: " + placed);
        return true;
    }
}
