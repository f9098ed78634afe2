package dev.meridian.infra;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Metric;

/// The metrics of the service that reach CloudWatch: those that an alarm or a dashboard reads, and no
/// others, since each combination of dimensions costs. The collector's configuration is made of them.
enum ServiceMetric {
    HEALTH_UP("meridian_health_up"),
    JOURNAL_OPEN("meridian_journal_open"),
    JOURNAL_AGE("meridian_journal_oldest_age_seconds"),
    JOURNAL_FAILING("meridian_journal_failing"),
    MISSING("meridian_recovery_missing_total"),
    ORDERS_TAKEN("meridian_orders_taken_total", "outcome"),
    ORDERS_WAITING("meridian_orders_waiting"),
    SQL_AVAILABLE("meridian_sql_available", "pool"),
    SQL_PENDING("meridian_sql_pending", "pool"),
    WRITER_EPOCH("meridian_sql_writer_epoch"),
    WRITER_CHANGES("meridian_sql_writer_changes_total"),
    STORE_CALLS("meridian_store_calls_seconds", "store", "outcome"),
    REQUESTS("http_server_requests_seconds", "outcome");

    static final String NAMESPACE = "Meridian";

    private final String id;
    private final List<String> dimensions;

    ServiceMetric(String id, String... dimensions) {
        this.id = id;
        this.dimensions = List.of(dimensions);
    }

    /// As in `/q/metrics`.
    String id() {
        return id;
    }

    /// Of a Region, over one minute.
    ///
    /// @param values of the other dimensions, in their order
    Metric in(String region, String statistic, String... values) {
        if (values.length != dimensions.size()) throw new IllegalArgumentException(id + " has " + dimensions);
        var named = new TreeMap<>(Map.of("region", region));
        for (int i = 0; i < values.length; i++) named.put(dimensions.get(i), values[i]);
        return Metric.Builder.create()
                .namespace(NAMESPACE)
                .metricName(id)
                .dimensionsMap(named)
                .statistic(statistic)
                .period(Duration.minutes(1))
                .region(region)
                .build();
    }

    /// What the collector passes on, one declaration for each set of dimensions.
    static String declarations() {
        return Arrays.stream(values())
                .collect(Collectors.groupingBy(metric -> metric.dimensions, LinkedHashMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .map(group -> "      - dimensions: [[%s]]\n        metric_name_selectors: [\"^(%s)$\"]\n"
                        .formatted(
                                String.join(", ", withRegion(group.getKey())),
                                group.getValue().stream().map(ServiceMetric::id).collect(Collectors.joining("|"))))
                .collect(Collectors.joining());
    }

    private static List<String> withRegion(List<String> dimensions) {
        return Stream.concat(Stream.of("region"), dimensions.stream()).toList();
    }
}
