package dev.meridian.lab.client;

import dev.meridian.lab.client.CartLine.Edit;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

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
        int what = random.nextInt(10);
        if (what < 2) merge();
        else if (what < 4) addInBoth();
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
                line.acknowledged(edit, start, answer.replica());
                workload.history().cartEdits.increment();
            }
            if (answer.isDefinite()) return;
            line.unanswered(edit);
        }
    }

    /// Adds to one line in both Regions at once: half of the time each Region its own units, else both the same ones,
    /// since a client without an answer asks again elsewhere.
    private void addInBoth() {
        // The first product stays the line's, also while all want another one.
        var units = workload.history()
                .merges
                .computeIfAbsent(http.customer() + "-both", cart -> new MergedUnits(cart, workload.product(1)));
        int quantity = 1 + random.nextInt(3);
        var key = http.key("both");
        var body = "{\"itemId\":\"" + units.product() + "\",\"quantity\":" + quantity + "}";
        units.attempted().addAndGet(quantity);
        var same = new AtomicBoolean();
        boolean isSame = random.nextBoolean();
        var second = isSame ? key : http.key("both");
        if (!isSame) units.attempted().addAndGet(quantity);
        var other = Thread.ofVirtual().start(() -> {
            if (!add(units, body, second, http.otherName())) return;
            if (isSame) same.set(true);
            else units.acknowledged().addAndGet(quantity);
        });
        boolean isDone = add(units, body, key, http.name());
        LabHttp.join(other);
        if (isDone || same.get()) units.acknowledged().addAndGet(quantity);
    }

    /// @return whether an answer said that it is done
    private boolean add(MergedUnits units, String body, String key, String as) {
        for (int i = 0; i < LabHttp.TRIES; i++) {
            var answer = http.send("POST", "/carts/" + units.cart() + "/items", body, key, as);
            if (answer.isDefinite()) return answer.isGood();
        }
        return false;
    }

    /// Adds to the cart of a session, and merges it into another one, in one Region or in both.
    private void merge() {
        var units = workload.history()
                .merges
                .computeIfAbsent(http.customer(), customer -> new MergedUnits(customer + "-m", workload.product(0)));
        var session = units.cart() + random.nextInt(SESSIONS);
        units.sessions().add(session);
        int quantity = 1 + random.nextInt(3);
        var body = "{\"itemId\":\"" + units.product() + "\",\"quantity\":" + quantity + "}";
        var key = http.key("session");
        units.attempted().addAndGet(quantity);
        if (add(new MergedUnits(session, units.product()), body, key, http.name()))
            units.acknowledged().addAndGet(quantity);
        var path = "/carts/" + units.cart() + "/merge?sessionId=" + session;
        var other = random.nextBoolean()
                ? Thread.ofVirtual().start(() -> http.send("POST", path, null, null, http.otherName()))
                : null;
        http.send("POST", path, null, null);
        LabHttp.join(other);
        if (random.nextInt(3) > 0) return;
        // Once more in each Region, whatever has arrived there.
        for (var as : List.of(http.otherName(), http.name())) http.send("POST", path, null, null, as);
    }
}
