package dev.meridian.lab.client;

import dev.meridian.lab.client.LabHttp.Answer;
import java.util.Random;

/// Edits the lines of a client's cart: sets, adds and removes.
final class CartEditor {
    private static final int CART_LINES = 3;

    private final Workload workload;
    private final LabHttp http;
    private final Random random;

    CartEditor(Workload workload, LabHttp http, Random random) {
        this.workload = workload;
        this.http = http;
        this.random = random;
    }

    void edit() {
        var product = workload.product(random.nextInt(CART_LINES));
        var line = workload.history().lines.computeIfAbsent(http.customer() + " / " + product, _ -> new CartLine());
        int what = random.nextInt(10);
        if (what < 5) set(line, product, 1 + random.nextInt(50));
        else if (what < 8) add(line, product, 1 + random.nextInt(5));
        else remove(line, product);
    }

    private String path() {
        return "/carts/" + http.customer() + "/items";
    }

    private void set(CartLine line, String product, int quantity) {
        var body = "{\"quantity\":" + quantity + "}";
        for (int i = 0; i < LabHttp.TRIES; i++) {
            long start = System.nanoTime();
            var answer = http.send("PUT", path() + "/" + product, body, null);
            if (edited(answer, line, quantity, start)) return;
            line.unanswered(quantity);
        }
    }

    private void remove(CartLine line, String product) {
        for (int i = 0; i < LabHttp.TRIES; i++) {
            long start = System.nanoTime();
            var answer = http.send("DELETE", path() + "/" + product, null, null);
            if (edited(answer, line, 0, start)) return;
            line.unanswered(0);
        }
    }

    private void add(CartLine line, String product, int quantity) {
        var body = "{\"itemId\":\"" + product + "\",\"quantity\":" + quantity + "}";
        var key = http.key("add");
        for (int i = 0; i < LabHttp.TRIES; i++) {
            long start = System.nanoTime();
            var answer = http.send("POST", path(), body, key);
            if (edited(answer, line, answer.body().path("quantity").asInt(), start)) return;
            line.unansweredAddition();
        }
    }

    /// @return whether the response is final, so that no retry is needed
    private boolean edited(Answer answer, CartLine line, int quantity, long start) {
        if (!answer.isDefinite()) return false;
        if (answer.isGood()) {
            line.acknowledged(quantity, start);
            workload.history().cartEdits.increment();
        }
        return true;
    }
}
