package dev.meridian.lab.client;

import dev.meridian.lab.client.History.Created;
import dev.meridian.lab.client.LabHttp.Answer;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;

/// One client of the store: takes one step after the other, with the retries of a well-behaved client.
final class Client {
    /// A choice that is an order.
    private static final int ORDER = 50;
    private static final String[] COUNTRIES = {"NL", "KE", "PE"};

    private final Workload workload;
    private final History history;
    private final int number;
    private final Random random;
    private final LabHttp http;
    private final CartCustomer cart;
    private final Buyer buyer;
    private final CheckoutBuyer checkoutBuyer;
    private final PageBuyer pages;
    private final Administrator administrator;
    private final TicketOwner tickets;

    Client(Workload workload, int routerPort, int number, Random random) {
        this.workload = workload;
        this.history = workload.history();
        this.number = number;
        this.random = random;
        this.http = new LabHttp(workload, routerPort, number);
        this.cart = new CartCustomer(workload, http, random);
        this.buyer = new Buyer(workload, http, random);
        this.checkoutBuyer = new CheckoutBuyer(workload, http, random);
        this.pages = new PageBuyer(workload, http, random);
        this.administrator = new Administrator(workload, http, number, random);
        this.tickets = new TicketOwner(workload, http, random);
    }

    /// One random step with its retries.
    void step() {
        int choice = random.nextInt(100);
        if (workload.isCrowd() && random.nextBoolean()) choice = ORDER;
        if (choice < 20) like();
        else if (choice < 40) cart.edit();
        else if (choice < 55) buyer.order();
        else if (choice < 61) buyThroughCheckout();
        else if (choice < 64) pages.buy();
        else if (choice < 68) administrator.work();
        else if (choice < 76) readOwnOrder();
        else if (choice < 78) buyer.cancel();
        else if (choice < 84) score();
        else if (choice < 86) ticket();
        else if (choice < 89) changeTicket();
        else if (choice < 92) adopt();
        else read();
    }

    private void like() {
        var mysfit = workload.mysfits().get(random.nextInt(workload.mysfits().size()));
        var likes = history.likes.computeIfAbsent(mysfit, _ -> new History.Likes());
        likes.attempted.incrementAndGet();
        boolean isGood = random.nextBoolean()
                ? likeWithKey("/mysfits/" + mysfit + "/like")
                : http.send("POST", "/mysfits/" + mysfit + "/like", null, null).isGood();
        if (isGood) likes.acknowledged.incrementAndGet();
    }

    /// Counts once, though it is sent again: after a lost answer, or without a reason, perhaps to the other Region.
    private boolean likeWithKey(String path) {
        var key = http.key("like");
        boolean isGood = false;
        for (int i = 0; i < LabHttp.TRIES; i++) {
            isGood |= http.send("POST", path, null, key, random.nextBoolean() ? http.name() : http.otherName())
                    .isGood();
            if (isGood && random.nextInt(3) > 0) break;
        }
        return isGood;
    }

    /// Some clients update the checkout once more before they submit.
    private void buyThroughCheckout() {
        var wishes = new ArrayList<Map<String, Integer>>();
        if (random.nextInt(4) == 0) wishes.add(buyer.wish());
        wishes.add(buyer.wish());
        checkoutBuyer.buy(wishes).forEach(buyer::owns);
    }

    private void readOwnOrder() {
        if (!buyer.readOwn()) read();
    }

    private void score() {
        var player = "player-" + http.customer();
        int value = 1000 * number + http.next();
        var key = "score-" + http.customer() + "-" + value;
        var body = "{\"player\":\"%s\",\"country\":\"%s\",\"score\":%d}"
                .formatted(player, COUNTRIES[number % COUNTRIES.length], value);
        var created = new Created(player, Integer.toString(value), "/leaderboard", body);
        history.scores.put(key, created);
        create(created, key);
    }

    private void ticket() {
        var key = http.key("ticket");
        var mark = "The lamp is broken, says " + key;
        var body =
                "{\"description\":\"%s\",\"assigned\":\"\",\"priority\":\"low\",\"status\":\"open\",\"createdBy\":\"%s\"}"
                        .formatted(mark, http.customer());
        var created = new Created(http.customer(), mark, "/ticket", body);
        history.tickets.put(key, created);
        create(created, key);
        tickets.owns(created);
    }

    private void changeTicket() {
        if (!tickets.change()) ticket();
    }

    private void create(Created created, String key) {
        for (int i = 0; i < LabHttp.TRIES; i++) {
            var answer = http.send("POST", created.path(), created.body(), key);
            if (answer.isGood()) created.ids().add(answer.body().path("id").asText());
            if (answer.isDefinite()) return;
        }
    }

    /// Sometimes another client tries to adopt the same mysfit at the same time.
    private void adopt() {
        var mysfit =
                workload.adoptables().get(random.nextInt(workload.adoptables().size()));
        var adoption = history.adoptions.computeIfAbsent(mysfit, Adoption::new);
        var other =
                random.nextInt(3) == 0 ? Thread.ofVirtual().start(() -> adopt(adoption, http.otherCustomer())) : null;
        for (int i = 0; i < LabHttp.TRIES; i++) {
            if (adopt(adoption, http.customer()).isDefinite()) break;
        }
        LabHttp.join(other);
    }

    private Answer adopt(Adoption adoption, String customer) {
        adoption.asks(customer);
        var answer = http.adopt(adoption.mysfit(), customer);
        adoption.answered(answer.status(), answer.region(), answer.replica(), customer);
        return answer;
    }

    private void read() {
        var path = switch (random.nextInt(4)) {
            case 0 -> "/mysfits";
            case 1 -> "/catalog/products/" + workload.product(random.nextInt(4));
            case 2 -> "/carts/" + http.customer();
            default -> "/leaderboard?country=" + COUNTRIES[number % COUNTRIES.length];
        };
        if (http.send("GET", path, null, null).isGood()) history.reads.increment();
    }
}
