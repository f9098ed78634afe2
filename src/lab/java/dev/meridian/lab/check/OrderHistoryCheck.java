package dev.meridian.lab.check;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.lab.cluster.LabProcesses;
import dev.meridian.lab.cluster.LabRegion;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/// The history of each order, as the service of a Region tells it, ends as the order does.
final class OrderHistoryCheck {
    private static final ObjectMapper JSON = new ObjectMapper();

    private OrderHistoryCheck() {}

    /// @param statuses by order id, from SQL
    static void compare(LabRegion region, Map<String, String> statuses, Findings findings) throws IOException {
        try (var client = HttpClient.newHttpClient()) {
            for (var order : statuses.entrySet()) {
                var path = "/orders/" + order.getKey() + "/history";
                var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + region.port() + path))
                        .timeout(Duration.ofSeconds(10))
                        // Whose the order is: those of visitors are there for them and for administrators.
                        .header("Authorization", "Bearer " + LabProcesses.ADMIN_TOKEN)
                        .build();
                var answer = client.send(request, BodyHandlers.ofString());
                var events = JSON.readTree(answer.body()).path("events");
                findings.require(
                        events.path(0).path("event").asText().equals("ACCEPTED")
                                && events.path(events.size() - 1)
                                        .path("status")
                                        .asText()
                                        .equals(order.getValue()),
                        Violation.HISTORY_WRONG,
                        path + " of " + order.getValue() + " in " + region.name() + " is " + answer.body());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
