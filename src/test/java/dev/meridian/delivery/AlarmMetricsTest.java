package dev.meridian.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.Scrape;
import dev.meridian.testing.TestProducts;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The service has every metric that an alarm or a dashboard of `infra/` reads: an alarm on a name that does not
/// exist never rings. The list is a golden file, which the tests of `infra/` compare with the templates.
@QuarkusTest
@ComponentTest
class AlarmMetricsTest {
    private static final Path LIST = Path.of("infra/src/test/golden/service-metrics.txt");

    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    @Test
    void theServiceHasEveryMetricThatAnAlarmOrADashboardReads() throws Exception {
        for (var path : new String[] {"/health", "/catalog/tags", "/mysfits"}) Http.send("GET", path, null);
        order();
        var text = new Scrape(metrics).text();
        var known = Pattern.compile("^([a-zA-Z_:][\\w:]*)[ {]", Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map(line -> line.group(1))
                .collect(Collectors.toSet());
        var wanted = new TreeSet<String>();
        Files.readAllLines(LIST).stream().filter(line -> !line.isBlank()).forEach(wanted::add);
        assertFalse(wanted.isEmpty(), "no metric in " + LIST);
        wanted.removeIf(name -> exists(name, known));
        assertEquals(Set.of(), wanted, "not on /q/metrics");
    }

    /// Counters of orders are there once an order is.
    private static void order() throws Exception {
        var product = TestProducts.create(300);
        var answer = Http.send("POST", "/orders", """
                {"items":[{"productId":"%s","quantity":1}],
                 "shippingAddress":{"firstName":"A","lastName":"B","email":"a@example.com","address1":"1 Quay",
                                    "city":"C","zipCode":"06001","state":"CT"}}""".formatted(product));
        assertEquals(200, answer.statusCode(), answer.body());
    }

    /// The collector hands a timer over under its bare name; Prometheus' text has its count and its sum.
    private static boolean exists(String name, Set<String> known) {
        return known.contains(name) || known.contains(name + "_count");
    }
}
