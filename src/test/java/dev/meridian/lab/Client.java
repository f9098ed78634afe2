package dev.meridian.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.meridian.lab.History.Created;
import dev.meridian.lab.History.Placed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/// One client of the store: makes one request after the other, and retries as a good client does.
final class Client {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(8);
    private static final int TRIES = 3;
    private static final int CART_LINES = 3;
    private static final String[] COUNTRIES = {"NL", "KE", "PE"};

    /// @param status 0 without an answer
    private record Answer(int status, JsonNode body, String region) {
        boolean isDefinite() {
            return status > 0 && status < 500;
        }

        boolean isGood() {
            return status / 100 == 2;
        }
    }

    private final Workload workload;
    private final History history;
    private final int number;
    private final String name;
    private final Random random;
    private final Upstream router;
    private final List<Placed> own = new ArrayList<>();
    private int keys;

    Client(Workload workload, int routerPort, int number, Random random) {
        this.workload = workload;
        this.history = workload.history();
        this.number = number;
        this.name = "c-" + workload.run() + "-" + number;
        this.random = random;
        this.router = new Upstream(routerPort);
    }

    /// One thing that a client does, with its retries.
    void step() {
        int choice = random.nextInt(100);
        if (choice < 25) like();
        else if (choice < 50) editCart();
        else if (choice < 70) order();
        else if (choice < 78) readOwnOrder();
        else if (choice < 80) cancel();
        else if (choice < 87) score();
        else if (choice < 92) ticket();
        else read();
    }

    private void like() {
        var mysfit = workload.mysfits().get(random.nextInt(workload.mysfits().size()));
        var likes = history.likes.computeIfAbsent(mysfit, _ -> new History.Likes());
        likes.attempted.incrementAndGet();
        if (send("POST", "/mysfits/" + mysfit + "/like", null, null).isGood()) likes.acknowledged.incrementAndGet();
    }

    private void editCart() {
        var product = product(random.nextInt(CART_LINES));
        var line = history.lines.computeIfAbsent(name + " / " + product, _ -> new CartLine());
        int what = random.nextInt(10);
        if (what < 5) set(line, product, 1 + random.nextInt(50));
        else if (what < 8) add(line, product, 1 + random.nextInt(5));
        else remove(line, product);
    }

    private void set(CartLine line, String product, int quantity) {
        var body = "{\"quantity\":" + quantity + "}";
        for (int i = 0; i < TRIES; i++) {
            long start = System.nanoTime();
            var answer = send("PUT", "/carts/" + name + "/items/" + product, body, null);
            if (edited(answer, line, quantity, start)) return;
            line.unanswered(quantity);
        }
    }

    private void remove(CartLine line, String product) {
        for (int i = 0; i < TRIES; i++) {
            long start = System.nanoTime();
            var answer = send("DELETE", "/carts/" + name + "/items/" + product, null, null);
            if (edited(answer, line, 0, start)) return;
            line.unanswered(0);
        }
    }

    private void add(CartLine line, String product, int quantity) {
        var body = "{\"itemId\":\"" + product + "\",\"quantity\":" + quantity + "}";
        var key = key("add");
        for (int i = 0; i < TRIES; i++) {
            long start = System.nanoTime();
            var answer = send("POST", "/carts/" + name + "/items", body, key);
            if (edited(answer, line, answer.body.path("quantity").asInt(), start)) return;
            line.unansweredAddition();
        }
    }

    /// @return whether there is no point in trying again
    private boolean edited(Answer answer, CartLine line, int quantity, long start) {
        if (!answer.isDefinite()) return false;
        if (answer.isGood()) {
            line.acknowledged(quantity, start);
            history.cartEdits.increment();
        }
        return true;
    }

    private void order() {
        var lines = new LinkedHashMap<String, Integer>();
        lines.put(product(random.nextInt(8) == 0 ? 4 + random.nextInt(2) : random.nextInt(4)), 1 + random.nextInt(3));
        if (random.nextBoolean()) lines.putIfAbsent(product(random.nextInt(4)), 1 + random.nextInt(3));
        var placed = new Placed(name, key("order"), Map.copyOf(lines));
        history.orders.put(placed.key, placed);
        // The same order a second time, through whatever Region another client would use: at once, or afterwards.
        int twice = random.nextInt(8);
        var other = twice == 0 ? Thread.ofVirtual().start(() -> place(placed, lines, number + "-other")) : null;
        for (int i = 0; i < TRIES; i++) {
            if (place(placed, lines, name()).isDefinite()) break;
        }
        if (twice == 1) place(placed, lines, number + "-other");
        join(other);
        if (placed.isAcknowledged) own.add(placed);
    }

    private static void join(Thread thread) {
        if (thread == null) return;
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// What the router knows this client by.
    private String name() {
        return Integer.toString(number);
    }

    private void cancel() {
        var confirmed = own.stream()
                .filter(placed -> placed.wasConfirmed && !placed.wasCancelled)
                .toList();
        if (confirmed.isEmpty()) return;
        var placed = confirmed.get(random.nextInt(confirmed.size()));
        var answer = send("POST", "/orders/" + placed.ids.iterator().next() + "/cancel", null, null);
        placed.cancelled(answer.status, answer.region);
    }

    private Answer place(Placed placed, Map<String, Integer> lines, String as) {
        var items = new ArrayList<String>();
        lines.forEach((product, n) -> items.add("{\"productId\":\"" + product + "\",\"quantity\":" + n + "}"));
        var body = """
                {"shippingAddress":{"firstName":"Nadia","lastName":"Okafor","email":"nadia@example.com",\
                "address1":"12 Lantern Row","city":"Port Isle","zipCode":"04521","state":"ME"},"items":%s}""".formatted(items);
        var answer = send("POST", "/orders", body, placed.key, as);
        placed.answered(
                answer.status,
                answer.isGood()
                        ? answer.body.path("status").asText()
                        : answer.body.path("type").asText(),
                answer.body.path("id").asText(null),
                answer.region);
        return answer;
    }

    private void readOwnOrder() {
        if (own.isEmpty()) {
            read();
            return;
        }
        var placed = own.get(own.size() - 1 - random.nextInt(Math.min(own.size(), 10)));
        var answer = send("GET", "/orders/" + placed.ids.iterator().next(), null, null);
        placed.read(answer.status, answer.body.path("status").asText(), answer.region);
        if (answer.isGood()) history.reads.increment();
        // Another Region may not have the entry yet.
        if (answer.isDefinite() && !answer.isGood() && answer.region.equals(placed.region))
            history.wrongReads.add("an acknowledged order is not found where it was taken: " + placed);
    }

    private void score() {
        var player = "player-" + name;
        int value = 1000 * number + ++keys;
        var key = "score-" + name + "-" + value;
        var created = new Created(player, Integer.toString(value));
        history.scores.put(key, created);
        var body = "{\"player\":\"%s\",\"country\":\"%s\",\"score\":%d}"
                .formatted(player, COUNTRIES[number % COUNTRIES.length], value);
        create(created, "/leaderboard", body, key);
    }

    private void ticket() {
        var key = key("ticket");
        var created = new Created(name, "The lamp is broken, says " + key);
        history.tickets.put(key, created);
        var body =
                "{\"description\":\"%s\",\"assigned\":\"\",\"priority\":\"low\",\"status\":\"open\",\"createdBy\":\"%s\"}"
                        .formatted(created.mark(), name);
        create(created, "/ticket", body, key);
    }

    private void create(Created created, String path, String body, String key) {
        for (int i = 0; i < TRIES; i++) {
            var answer = send("POST", path, body, key);
            if (answer.isGood()) created.ids().add(answer.body.path("id").asText());
            if (answer.isDefinite()) return;
        }
    }

    private void read() {
        var path = switch (random.nextInt(4)) {
            case 0 -> "/mysfits";
            case 1 -> "/catalog/products/" + product(random.nextInt(4));
            case 2 -> "/carts/" + name;
            default -> "/leaderboard?country=" + COUNTRIES[number % COUNTRIES.length];
        };
        if (send("GET", path, null, null).isGood()) history.reads.increment();
    }

    private String product(int index) {
        return workload.stock().keySet().stream().skip(index).findFirst().orElseThrow();
    }

    private String key(String what) {
        return what + "-" + name + "-" + ++keys;
    }

    private Answer send(String method, String path, String json, String key) {
        return send(method, path, json, key, name());
    }

    /// @param as what the router takes this client for
    private Answer send(String method, String path, String json, String key, String as) {
        var headers = new ArrayList<>(
                List.of("Host: lab", "Accept: application/json", Router.CLIENT + ": " + as, "X-Customer-Id: " + name));
        if (json != null) headers.add("Content-Type: application/json");
        if (key != null) headers.add("Idempotency-Key: " + key);
        var body = json == null ? new byte[0] : json.getBytes(StandardCharsets.UTF_8);
        history.requests.increment();
        try {
            var answer = router.exchange(new Message(method + " " + path + " HTTP/1.1", headers, body), TIMEOUT);
            var region = answer.header("X-Region").orElse("");
            if (answer.status() >= 500) {
                history.unknown.increment();
                pause();
                return new Answer(answer.status(), MissingNode.getInstance(), region);
            }
            if (answer.status() >= 400) history.refused.increment();
            return new Answer(
                    answer.status(),
                    answer.body().length == 0 ? MissingNode.getInstance() : JSON.readTree(answer.body()),
                    region);
        } catch (IOException _) {
            history.unknown.increment();
            pause();
            return new Answer(0, MissingNode.getInstance(), "");
        }
    }

    /// Before a retry.
    private static void pause() {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(50, 300));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
