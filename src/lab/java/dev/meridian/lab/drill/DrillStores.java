package dev.meridian.lab.drill;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.lab.Lab;
import dev.meridian.lab.cluster.LabProcesses;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// The queries of a drill to the stores and the service.
final class DrillStores {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REPORT = "/admin/recovery/missing-orders?limit=1000";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Lab lab;
    private final String customers;

    /// @param seed which marks the drill's customers
    DrillStores(Lab lab, long seed) {
        this.lab = lab;
        this.customers = "drill-" + seed + "-";
    }

    /// The product to order, with unlimited stock.
    void makeProduct() throws IOException, InterruptedException {
        send(lab.router(), "PUT", "/catalog/products/" + DrillClients.PRODUCT, """
                {"name": "Drill lantern", "description": "Burns through every failover.", "price": 19.5,
                 "tags": [{"name": "drill", "displayName": "Drill"}]}""");
    }

    /// The number of rows per order id in a Region's PostgreSQL, read from it directly.
    Map<String, Integer> rows(String region) throws SQLException {
        var rows = new HashMap<String, Integer>();
        try (var connection = DriverManager.getConnection(lab.sqlUrl(region));
                var statement = connection.prepareStatement(
                        "SELECT id, count(*) FROM orders WHERE starts_with(customer_id, ?) GROUP BY id")) {
            statement.setString(1, customers);
            try (var result = statement.executeQuery()) {
                while (result.next()) rows.put(result.getString(1), result.getInt(2));
            }
        }
        return rows;
    }

    /// The drill's orders in the report of missing orders of a Region's service: outcome by order id.
    Map<String, String> reported(String region) throws IOException, InterruptedException {
        var outcomes = new HashMap<String, String>();
        for (var order : JSON.readTree(send(lab.administration(region), "GET", REPORT, null))) {
            if (order.path("customerId").asText().startsWith(customers)) {
                outcomes.put(
                        order.path("orderId").asText(), order.path("outcome").asText());
            }
        }
        return outcomes;
    }

    private String send(URI service, String method, String path, String json) throws IOException, InterruptedException {
        try (var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build()) {
            var request = HttpRequest.newBuilder(service.resolve(path))
                    .timeout(PATIENCE)
                    .header("Authorization", "Bearer " + LabProcesses.ADMIN_TOKEN);
            if (json == null) request.GET();
            else request.header("Content-Type", "application/json").method(method, BodyPublishers.ofString(json));
            var answer = client.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new IOException(method + " " + path + " answered " + answer.statusCode() + ": " + answer.body());
            }
            return answer.body();
        }
    }
}
