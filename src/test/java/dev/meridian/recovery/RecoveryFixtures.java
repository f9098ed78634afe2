package dev.meridian.recovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.testing.Http;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.TestProducts;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Requests and queries of the recovery tests.
final class RecoveryFixtures {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RecoveryFixtures() {}

    /// Settings of a service that settles quickly, with the timeouts of production.
    static Map<String, String> quick(Map<String, String> stores) {
        var config = new HashMap<>(stores);
        config.putAll(Map.ofEntries(
                Map.entry("quarkus.profile", "test"),
                Map.entry("meridian.sample-data.enabled", "false"),
                Map.entry("quarkus.flyway.migrate-at-start", "false"),
                Map.entry("quarkus.log.category.\"dev.meridian\".level", "INFO"),
                Map.entry("meridian.order.budget", "1500ms"),
                Map.entry("meridian.sql.read-timeout", "1s"),
                Map.entry("meridian.sql.write-timeout", "1500ms"),
                Map.entry("meridian.sql.connect-timeout", "1s"),
                Map.entry("meridian.sql.silence-limit", "600ms"),
                Map.entry("meridian.settler.enabled", "true"),
                Map.entry("meridian.settler.grace", "2s"),
                Map.entry("meridian.settler.idle", "300ms"),
                Map.entry("meridian.settler.backoff-max", "1s"),
                Map.entry("meridian.recovery.again-after", "2s"),
                Map.entry("meridian.recovery.spread", "100ms")));
        return config;
    }

    /// @param database `jdbc:postgresql://…`
    static Connection sql(String database) throws SQLException {
        return DriverManager.getConnection(database, "postgres", "postgres");
    }

    static String aProduct(String database, int stock) throws SQLException {
        var id = Http.anId("p");
        try (var connection = sql(database)) {
            TestProducts.create(connection, id, 1950, stock);
        }
        return id;
    }

    static long ask(String database, String query, String parameter) throws SQLException {
        try (var connection = sql(database);
                var prepared = connection.prepareStatement(query)) {
            prepared.setString(1, parameter);
            try (var rows = prepared.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    static String order(String product, int quantity) {
        return """
                {"shippingAddress": {"firstName": "Nadia", "lastName": "Okafor", "email": "nadia@example.com",
                   "address1": "12 Lantern Row", "city": "Port Isle", "zipCode": "04521", "state": "ME"},
                 "items": [{"productId": "%s", "quantity": %d}]}""".formatted(product, quantity);
    }

    static HttpResponse<String> place(ServiceProcess service, String customer, String product, int quantity)
            throws IOException, InterruptedException {
        return service.send(
                "POST",
                "/orders",
                order(product, quantity),
                "X-Customer-Id",
                customer,
                "Idempotency-Key",
                Http.anId("key"));
    }

    static JsonNode json(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    static String status(ServiceProcess service, String orderId) throws IOException, InterruptedException {
        return json(service.send("GET", "/orders/" + orderId, null))
                .path("status")
                .asText();
    }

    /// A metric of the process; 0 when it does not exist.
    static double metric(ServiceProcess service, String name) throws IOException, InterruptedException {
        var line = Pattern.compile("^" + Pattern.quote(name) + "(?:\\{[^}]*})? (\\S+)$", Pattern.MULTILINE)
                .matcher(service.manage("/q/metrics").body());
        return line.find() ? Double.parseDouble(line.group(1)) : 0;
    }

    /// How often services have compared the journal with a new writer.
    static long checks(ServiceProcess... services) {
        return Stream.of(services)
                .flatMap(service -> service.log().lines())
                .filter(line -> line.contains("writer checked"))
                .count();
    }

    /// The sum of a metric over services.
    static double sum(String name, ServiceProcess... services) throws Exception {
        double sum = 0;
        for (var service : services) sum += metric(service, name);
        return sum;
    }
}
