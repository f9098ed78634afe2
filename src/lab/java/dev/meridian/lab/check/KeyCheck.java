package dev.meridian.lab.check;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.lab.client.History;
import dev.meridian.lab.client.RegionClient;
import dev.meridian.lab.cluster.LabProcesses;
import java.io.IOException;
import java.util.Set;

/// Checks idempotency keys: whoever sends a request again, in whichever Region, gets what it made; the same key of
/// another caller is another key.
final class KeyCheck {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OF_EACH = 4;

    private final LabProcesses lab;
    private final History history;

    KeyCheck(LabProcesses lab, History history) {
        this.lab = lab;
        this.history = history;
    }

    void compare(Findings findings) throws IOException {
        var orders = history.orders.values().stream()
                .filter(placed -> placed.body != null && placed.isAcknowledged)
                .limit(OF_EACH)
                .toList();
        for (var placed : orders) again(placed.customer, placed.key, "/orders", placed.body, placed.ids, findings);
        var created = history.tickets.entrySet().stream()
                .filter(entry -> entry.getValue().isAcknowledged())
                .limit(OF_EACH)
                .toList();
        for (var entry : created) {
            var ticket = entry.getValue();
            again(ticket.owner(), entry.getKey(), ticket.path(), ticket.body(), ticket.ids(), findings);
            ofAnother(entry.getKey(), ticket, findings);
        }
        var scores = history.scores.entrySet().stream()
                .filter(entry -> entry.getValue().isAcknowledged())
                .limit(OF_EACH)
                .toList();
        for (var entry : scores) {
            var score = entry.getValue();
            again(customerOf(score), entry.getKey(), score.path(), score.body(), score.ids(), findings);
        }
        findings.count(
                "requests that the checker sent again with their key", orders.size() + created.size() + scores.size());
    }

    private static String customerOf(History.Created score) {
        return score.owner().substring("player-".length());
    }

    private void again(String customer, String key, String path, String body, Set<String> ids, Findings findings)
            throws IOException {
        for (var region : lab.regionNames()) {
            var answer = send(region, customer, key, path, body);
            // An order that was rejected after a failover says so.
            boolean isRejected = path.equals("/orders") && answer.startsWith("status 409");
            findings.require(
                    ids.contains(answer) || isRejected,
                    Violation.KEY_WRONG,
                    path + " again with " + key + " in " + region + " is " + answer + ", it was " + ids);
        }
    }

    private void ofAnother(String key, History.Created ticket, Findings findings) throws IOException {
        var other = ticket.owner() + "-not";
        var body = ticket.body().replace(ticket.owner() + "\"}", other + "\"}");
        var answer = send(lab.regionNames().getFirst(), other, key, ticket.path(), body);
        findings.require(
                !answer.startsWith("status") && !ticket.ids().contains(answer),
                Violation.KEY_WRONG,
                "the key " + key + " of another caller is " + answer + ", the owner got " + ticket.ids());
    }

    /// The id in the answer; the status and the body of any other answer.
    private String send(String region, String customer, String key, String path, String body) throws IOException {
        try {
            var answer = RegionClient.send(
                    lab, region, "POST", path, body, "X-Customer-Id", customer, "Idempotency-Key", key);
            return answer.statusCode() / 100 == 2
                    ? JSON.readTree(answer.body()).path("id").asText()
                    : "status " + answer.statusCode() + " " + answer.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
