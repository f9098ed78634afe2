package dev.meridian.lab.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.meridian.lab.cluster.Message;
import dev.meridian.lab.cluster.Router;
import dev.meridian.lab.cluster.Upstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// The HTTP client of one lab client: sends its name through the router. The caller decides about retries.
final class LabHttp {
    /// How often a client tries the same request.
    static final int TRIES = 3;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(8);

    /// @param status 0 without a response
    /// @param region that answered; empty when none did
    /// @param replica the Region whose DynamoDB it used: its own, or the fallback
    record Answer(int status, JsonNode body, String region, String replica) {
        boolean isDefinite() {
            return status > 0 && status < 500;
        }

        boolean isGood() {
            return status / 100 == 2;
        }

        /// The order status in the response, or the problem type.
        String state() {
            return body.path(isGood() ? "status" : "type").asText();
        }
    }

    private final History history;
    private final int number;
    private final String customer;
    private final Upstream router;
    private int keys;

    LabHttp(Workload workload, int routerPort, int number) {
        this.history = workload.history();
        this.number = number;
        this.customer = "c-" + workload.run() + "-" + number;
        this.router = new Upstream(routerPort);
    }

    /// The customer id of this client.
    String customer() {
        return customer;
    }

    /// The name of this client for the router.
    String name() {
        return Integer.toString(number);
    }

    /// Another client name, for which the router may choose another Region.
    String otherName() {
        return number + "-other";
    }

    /// The customer id of another client.
    String otherCustomer() {
        return customer + "-other";
    }

    /// A number that this client has not used yet.
    int next() {
        return ++keys;
    }

    /// A new, unused key.
    String key(String what) {
        return what + "-" + customer + "-" + next();
    }

    /// Sends a request once.
    ///
    /// @param json null without a body
    /// @param key the idempotency key, or null
    Answer send(String method, String path, String json, String key) {
        return send(method, path, json, key, name());
    }

    /// Asks once to adopt a mysfit. The router may choose another Region for another customer.
    Answer adopt(String mysfit, String adopter) {
        var as = adopter.equals(customer) ? name() : otherName();
        return send("POST", "/mysfits/" + mysfit + "/adopt", null, null, as, adopter);
    }

    /// @param as the client name for the router
    Answer send(String method, String path, String json, String key, String as) {
        return send(method, path, json, key, as, customer);
    }

    private Answer send(String method, String path, String json, String key, String as, String caller) {
        var headers = new ArrayList<>(List.of(
                "Host: lab", "Accept: application/json", Router.CLIENT + ": " + as, "X-Customer-Id: " + caller));
        if (json != null) headers.add("Content-Type: application/json");
        if (key != null) headers.add("Idempotency-Key: " + key);
        var body = json == null ? new byte[0] : json.getBytes(StandardCharsets.UTF_8);
        history.requests.increment();
        try {
            var answer = router.exchange(new Message(method + " " + path + " HTTP/1.1", headers, body), TIMEOUT);
            var region = answer.header("X-Region").orElse("");
            if (answer.status() == 500) history.bugs.add(method + " " + path + " in " + region);
            if (answer.status() >= 500) return unknown(answer.status(), region);
            if (answer.status() >= 400) history.refused.increment();
            return new Answer(
                    answer.status(),
                    answer.body().length == 0 ? MissingNode.getInstance() : JSON.readTree(answer.body()),
                    region,
                    answer.header("X-Meridian-DynamoDB-Region").orElse(region));
        } catch (IOException _) {
            return unknown(0, "");
        }
    }

    private Answer unknown(int status, String region) {
        history.unknown.increment();
        pause();
        return new Answer(status, MissingNode.getInstance(), region, region);
    }

    /// Waits before a retry.
    static void pause() {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(50, 300));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits for the parallel request, if there is one.
    static void join(Thread thread) {
        if (thread == null) return;
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
