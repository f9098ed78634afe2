package dev.meridian.infra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// What the service and its infrastructure must agree on: settings and metrics.
final class ContractChecks {
    /// The metrics of the service that alarms and dashboards read. A test of the service compares them with what it
    /// has on `/q/metrics`.
    static final Path METRICS = Path.of("src/test/golden/service-metrics.txt");

    static final String NAMESPACE = "Meridian";
    private static final Path CONFIGURATION = Path.of("../docs/configuration.md");
    private static final Pattern KEY = Pattern.compile("`((?:meridian|quarkus)\\.[a-z0-9.-]+|[A-Z][A-Z0-9_]+)`");
    /// Of the service's image; `reconcile` reads the variables of PostgreSQL's own clients.
    private static final Set<String> CONTAINERS = Set.of("meridian", "migrate", "migrate-auditor", "reconcile");

    private static final Path DEPLOYMENT = Path.of("../docs/deployment.md");

    private ContractChecks() {}

    static void look(Synthesis synthesis, Consumer<Finding> found) {
        var keys = keys();
        synthesis.resources(ServiceChecks.TASK).forEach(task -> {
            for (var container : task.at("ContainerDefinitions")) {
                if (!CONTAINERS.contains(container.path("Name").asText())) continue;
                for (var list : List.of("Environment", "Secrets")) {
                    container.path(list).forEach(variable -> {
                        var name = variable.path("Name").asText();
                        if (!keys.contains(name)) found.accept(task.finding("setting", "the service knows no " + name));
                    });
                }
            }
        });
        var metrics = lines(METRICS);
        for (var metric : metrics(synthesis)) {
            if (!metrics.contains(metric.name())) {
                found.accept(metric.resource().finding("metric", "the service has no metric " + metric.name()));
            }
        }
    }

    /// The environment variables of `docs/configuration.md`, and those that `reconcile` has.
    static Set<String> keys() {
        var keys = new TreeSet<String>();
        KEY.matcher(String.join("\n", lines(CONFIGURATION)))
                .results()
                .map(key -> key.group(1).toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"))
                .forEach(keys::add);
        KEY.matcher(String.join("\n", lines(DEPLOYMENT)))
                .results()
                .map(key -> key.group(1))
                .filter(key -> key.startsWith("PG"))
                .forEach(keys::add);
        return keys;
    }

    /// @param resource that reads the metric
    /// @param name of the metric
    record Metric(Resource resource, String name) {}

    /// The service's own metrics in alarms and dashboards.
    static List<Metric> metrics(Synthesis synthesis) {
        var all = new ArrayList<Metric>();
        synthesis.resources(AlarmChecks.ALARM).forEach(alarm -> {
            if (alarm.text("Namespace").equals(NAMESPACE)) all.add(new Metric(alarm, alarm.text("MetricName")));
            alarm.at("Metrics").forEach(query -> {
                var metric = query.at("/MetricStat/Metric");
                if (metric.path("Namespace").asText().equals(NAMESPACE)) {
                    all.add(new Metric(alarm, metric.path("MetricName").asText()));
                }
            });
        });
        synthesis
                .resources(DashboardChecks.DASHBOARD)
                .forEach(dashboard -> DashboardChecks.metrics(dashboard).stream()
                        .filter(metric -> metric[0].equals(NAMESPACE))
                        .forEach(metric -> all.add(new Metric(dashboard, metric[1]))));
        return all;
    }

    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
