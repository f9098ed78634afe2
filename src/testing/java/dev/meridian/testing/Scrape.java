package dev.meridian.testing;

import static io.restassured.RestAssured.given;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The metrics of the service under test, from its management port.
///
/// @param metrics the URL of `/metrics`
public record Scrape(URI metrics) {
    private static final Pattern CALLS = Pattern.compile(
            "meridian_store_calls_seconds_count\\{[^}]*operation=\"(?<operation>[^\"]+)\"[^}]*} (?<count>[\\d.E]+)");

    /// The whole text.
    public String text() {
        return given().get(metrics).then().statusCode(200).extract().asString();
    }

    /// The sum of a metric's samples; 0 when there is none.
    ///
    /// @param name the Prometheus name
    /// @param tag a required tag, `name="value"`, or an empty string
    public double sum(String name, String tag) {
        return Pattern.compile("^" + name + "(?<tags>\\{[^}]*})? (?<value>\\S+)", Pattern.MULTILINE)
                .matcher(text())
                .results()
                .filter(line ->
                        tag.isEmpty() || String.valueOf(line.group("tags")).contains(tag))
                .mapToDouble(line -> Double.parseDouble(line.group("value")))
                .sum();
    }

    /// The store calls so far, by operation.
    public Map<String, Long> storeCalls() {
        var calls = new HashMap<String, Long>();
        CALLS.matcher(text())
                .results()
                .forEach(line -> calls.merge(
                        line.group("operation"), (long) Double.parseDouble(line.group("count")), Long::sum));
        return calls;
    }

    /// The store calls made since, by operation.
    ///
    /// @param background background operations, which do not count
    public Map<String, Long> storeCallsSince(Map<String, Long> before, Predicate<String> background) {
        var cost = new TreeMap<String, Long>();
        storeCalls().forEach((operation, count) -> {
            long more = count - before.getOrDefault(operation, 0L);
            if (more > 0 && !background.test(operation)) cost.put(operation, more);
        });
        return cost;
    }
}
