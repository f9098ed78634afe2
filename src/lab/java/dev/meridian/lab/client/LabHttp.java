package dev.meridian.lab.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.meridian.lab.cluster.LabProcesses;
import dev.meridian.lab.cluster.MachineToken;
import dev.meridian.lab.cluster.Message;
import dev.meridian.lab.cluster.Router;
import dev.meridian.lab.cluster.Upstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/// The HTTP client of one lab client: sends its name through the router. The caller decides about retries.
final class LabHttp {
    /// How often a client tries the same request.
    static final int TRIES = 3;

    private static final Pattern OWNED = Pattern.compile("^/(?:carts|checkout)/([^/?]+)");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(8);

    /// @param status 0 without a response
    /// @param region that answered; empty when none did
    /// @param replica the Region whose DynamoDB it used: its own, or the fallback
    /// @param etag null without one
    record Answer(int status, JsonNode body, String region, String replica, String etag) {
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
    private final Optional<MachineToken> machine;
    private int keys;

    LabHttp(Workload workload, int routerPort, int number) {
        this.history = workload.history();
        this.number = number;
        this.customer = "c-" + workload.run() + "-" + number;
        this.router = new Upstream(routerPort);
        this.machine = workload.machine();
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

    /// Sends a request of the administrator.
    ///
    /// @param etag for `If-Match`, or null
    Answer administer(String method, String path, String json, String key, String etag, String as) {
        var headers = headers("application/json", as, json == null ? null : "application/json", key);
        headers.add("Authorization: Bearer " + LabProcesses.ADMIN_TOKEN);
        if (etag != null) headers.add("If-Match: " + etag);
        return answer(exchange(method, path, headers, json));
    }

    /// Asks for a page, or sends a form, as a browser does.
    ///
    /// @param form null without one
    /// @param cookie null without one
    /// @return status 0 without a response
    Message page(String method, String path, String form, String cookie, String as) {
        var headers = headers("text/html", as, form == null ? null : "application/x-www-form-urlencoded", null);
        if (cookie != null) headers.add("Cookie: " + cookie);
        return exchange(method, path, headers, form);
    }

    /// @param caller the customer whom it acts for
    Answer send(String method, String path, String json, String key, String as, String caller) {
        var headers = headers("application/json", as, json == null ? null : "application/json", key);
        headers.add("X-Customer-Id: " + machine.map(_ -> ownerOf(path, caller)).orElse(caller));
        machine.ifPresent(token -> headers.add("Authorization: " + token.bearer()));
        return answer(exchange(method, path, headers, json));
    }

    /// Where nobody is believed, a machine names whose cart or checkout it is.
    private static String ownerOf(String path, String caller) {
        var owned = OWNED.matcher(path);
        return owned.find() ? owned.group(1) : caller;
    }

    private static List<String> headers(String accept, String as, String contentType, String key) {
        var headers = new ArrayList<>(List.of("Host: lab", "Accept: " + accept, Router.CLIENT + ": " + as));
        if (contentType != null) headers.add("Content-Type: " + contentType);
        if (key != null) headers.add("Idempotency-Key: " + key);
        return headers;
    }

    private Message exchange(String method, String path, List<String> headers, String text) {
        var body = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        history.requests.increment();
        Message answer;
        try {
            answer = router.exchange(new Message(method + " " + path + " HTTP/1.1", headers, body), TIMEOUT);
        } catch (IOException _) {
            answer = Message.NONE;
        }
        if (answer.status() == 500)
            history.bugs.add(
                    method + " " + path + " in " + answer.header("X-Region").orElse("") + ", "
                            + answer.header("X-Trace-Id").orElse("no trace id"));
        if (answer.status() >= 400 && answer.status() < 500) history.refused.increment();
        if (!isDefinite(answer)) {
            history.unknown.increment();
            pause();
        }
        return answer;
    }

    /// Whether a response says what was done.
    static boolean isDefinite(Message answer) {
        return answer.status() > 0 && answer.status() < 500;
    }

    private static Answer answer(Message answer) {
        var region = answer.header("X-Region").orElse("");
        JsonNode body = MissingNode.getInstance();
        int status = answer.status();
        try {
            if (isDefinite(answer) && answer.body().length > 0) body = JSON.readTree(answer.body());
        } catch (IOException _) {
            status = 0;
        }
        return new Answer(
                status,
                body,
                region,
                answer.header("X-Meridian-DynamoDB-Region").orElse(region),
                answer.header("ETag").orElse(null));
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
