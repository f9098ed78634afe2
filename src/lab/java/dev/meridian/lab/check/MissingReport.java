package dev.meridian.lab.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.lab.client.History;
import dev.meridian.lab.cluster.LabProcesses;
import dev.meridian.lab.cluster.LabRegion;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;

/// The report of missing orders from a Region's service.
final class MissingReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private MissingReport() {}

    /// The outcome of an order of which it is not known that it was confirmed.
    static final String DOUBTFUL = "doubtful";

    /// Outcome by order id, for the orders of this run.
    static Map<String, String> of(LabRegion region, History history) throws IOException {
        var report = new HashMap<String, String>();
        var mine = new HashSet<String>();
        history.orders.values().forEach(placed -> mine.add(placed.customer));
        var base = "http://127.0.0.1:" + region.adminPort();
        try (var client = HttpClient.newHttpClient()) {
            for (var next = "/admin/recovery/missing-orders?limit=1000"; next != null; ) {
                var request = HttpRequest.newBuilder(URI.create(base + next))
                        .timeout(Duration.ofSeconds(10))
                        .header("Authorization", "Bearer " + LabProcesses.ADMIN_TOKEN)
                        .build();
                var answer = client.send(request, BodyHandlers.ofString());
                if (answer.statusCode() != 200) throw new IOException("no report: " + answer.body());
                for (JsonNode order : JSON.readTree(answer.body())) {
                    if (mine.contains(order.path("customerId").asText()))
                        report.put(
                                order.path("orderId").asText(),
                                order.has("confirmedAt") ? order.path("outcome").asText() : DOUBTFUL);
                }
                next = answer.headers()
                        .firstValue("Link")
                        .map(link -> link.substring(1, link.indexOf('>')))
                        .orElse(null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return report;
    }
}
