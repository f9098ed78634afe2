package dev.meridian.lab.client;

import dev.meridian.lab.client.CartLine.Edit;
import java.util.Random;

/// Edits the lines of a client's cart: sets, adds and removes, now in one Region, now in another; and merges
/// carts.
final class CartCustomer {
    private static final int CART_LINES = 3;
    private static final int SESSIONS = 3;

    private final Workload workload;
    private final LabHttp http;
    private final Random random;

    CartCustomer(Workload workload, LabHttp http, Random random) {
        this.workload = workload;
        this.http = http;
        this.random = random;
    }

    void edit() {
        if (random.nextInt(5) == 0) merge();
        else editLine();
    }

    private void editLine() {
        var product = workload.product(random.nextInt(CART_LINES));
        var line = workload.history().lines.computeIfAbsent(http.customer() + " / " + product, _ -> new CartLine());
        int what = random.nextInt(10);
        var path = "/carts/" + http.customer() + "/items";
        if (what < 4) {
            var edit = new Edit(true, 1 + random.nextInt(50));
            send(line, edit, "PUT", path + "/" + product, "{\"quantity\":" + edit.quantity() + "}", null);
        } else if (what < 8) {
            var edit = new Edit(false, 1 + random.nextInt(5));
            var body = "{\"itemId\":\"" + product + "\",\"quantity\":" + edit.quantity() + "}";
            send(line, edit, "POST", path, body, http.key("add"));
        } else {
            send(line, new Edit(true, 0), "DELETE", path + "/" + product, null, null);
        }
    }

    /// Each try may reach another Region.
    private void send(CartLine line, Edit edit, String method, String path, String body, String key) {
        for (int i = 0; i < LabHttp.TRIES; i++) {
            long start = System.nanoTime();
            var as = random.nextInt(3) == 0 ? http.otherName() : http.name();
            var answer = http.send(method, path, body, key, as);
            if (answer.isGood()) {
                line.acknowledged(edit, start);
                workload.history().cartEdits.increment();
            }
            if (answer.isDefinite()) return;
            line.unanswered(edit);
        }
    }

    /// Adds to the cart of a session, and merges it into another one, in one Region or in both.
    private void merge() {
        var product = workload.product(0);
        var units = workload.history()
                .merges
                .computeIfAbsent(http.customer(), customer -> new MergedUnits(customer + "-m", product));
        var session = units.cart() + random.nextInt(SESSIONS);
        units.sessions().add(session);
        int quantity = 1 + random.nextInt(3);
        var body = "{\"itemId\":\"" + product + "\",\"quantity\":" + quantity + "}";
        var key = http.key("session");
        units.attempted().addAndGet(quantity);
        for (int i = 0; i < LabHttp.TRIES; i++) {
            var answer = http.send("POST", "/carts/" + session + "/items", body, key);
            if (answer.isGood()) units.acknowledged().addAndGet(quantity);
            if (answer.isDefinite()) break;
        }
        var path = "/carts/" + units.cart() + "/merge?sessionId=" + session;
        var other = random.nextBoolean()
                ? Thread.ofVirtual().start(() -> http.send("POST", path, null, null, http.otherName()))
                : null;
        http.send("POST", path, null, null);
        LabHttp.join(other);
    }
}
