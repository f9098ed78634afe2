package dev.meridian.lab.client;

import java.util.Random;

/// Changes a product of its own, and adds to the stock of one that everybody buys.
final class Administrator {
    private final Workload workload;
    private final LabHttp http;
    private final Random random;
    private final String product;
    private String etag;

    Administrator(Workload workload, LabHttp http, int number, Random random) {
        this.workload = workload;
        this.http = http;
        this.random = random;
        product = "p-" + workload.run() + "-of-admin" + number;
    }

    void work() {
        if (random.nextBoolean()) change();
        else restock();
    }

    private String anyone() {
        return random.nextBoolean() ? http.name() : http.otherName();
    }

    /// Half of the changes say which state they change.
    private void change() {
        var edits = workload.history().products.computeIfAbsent(product, _ -> new ProductEdits());
        var description = "Change " + http.next();
        var body = "{\"name\":\"Of the administrator\",\"description\":\"%s\",\"price\":12.5,\"tags\":[]}"
                .formatted(description);
        var expected = random.nextBoolean() ? etag : null;
        for (int i = 0; i < LabHttp.TRIES; i++) {
            var answer = http.administer("PUT", "/catalog/products/" + product, body, null, expected, anyone());
            if (answer.isGood()) {
                edits.acknowledged(description);
                etag = answer.etag();
            }
            // After a change without an answer the tag is an old one.
            if (answer.status() == 412 || !answer.isDefinite()) etag = null;
            if (answer.isDefinite()) return;
            edits.unanswered(description);
        }
    }

    /// Counts once, though it is sent again, perhaps in the other Region.
    private void restock() {
        var few = workload.product(4 + random.nextInt(2));
        var units = workload.history().restocks.computeIfAbsent(few, _ -> new History.Likes());
        int add = 1 + random.nextInt(3);
        var key = http.key("restock");
        units.attempted.addAndGet(add);
        boolean isDone = false;
        for (int i = 0; i < LabHttp.TRIES; i++) {
            var answer = http.administer(
                    "PATCH", "/catalog/products/" + few + "/stock", "{\"add\":" + add + "}", key, null, anyone());
            isDone |= answer.isGood();
            if (answer.isDefinite() && random.nextInt(3) > 0) break;
        }
        if (isDone) units.acknowledged.addAndGet(add);
    }
}
