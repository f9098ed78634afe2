package dev.meridian.infra;

import static dev.meridian.infra.PlatformStack.json;
import static dev.meridian.infra.PlatformStack.map;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The dashboard of a Region. It shows all Regions side by side, so that one of them is enough when
/// another is lost.
final class Board {
    private static final int COLUMNS = 24;
    private static final int HEIGHT = 6;

    private final Config config;
    private final Names names;
    private final List<Map<String, Object>> widgets = new ArrayList<>();
    private int y;

    Board(Config config) {
        this.config = config;
        this.names = new Names(config);
    }

    /// @return JSON as CloudWatch wants it
    String body(String own) {
        text("# " + config.zone().name() + "\nAll Regions, seen from " + own + ". Runbooks: docs/runbooks.");
        row("requests a minute", "Sum", null, this::requests);
        row("answers 5xx, percent", "Sum", limit(Threshold.ERRORS), this::errors);
        row("answer time p99, seconds", "p99", limit(Threshold.LATENCY), this::latency);
        row("orders a minute", "Sum", null, this::orders);
        row("open orders; age of the oldest, seconds", "Maximum", limit(Threshold.JOURNAL_AGE), this::journal);
        row("SQL: writer and reader there, changes of the writer", "Minimum", null, this::sql);
        row("SQL: lag, milliseconds", "Maximum", limit(Threshold.SQL_LAG), this::lag);
        row("SQL: capacity, percent", "Maximum", limit(Threshold.ACU), this::capacity);
        row("tables: replication, milliseconds", "Average", limit(Threshold.TABLE_LAG), this::replication);
        row("store calls that failed, errors in the log", "SampleCount", null, this::failed);
        row("tasks; healthy ones", "Minimum", null, this::tasks);
        if (config.options().canaries() > 0)
            row("canaries, percent passed", "Average", limit(Threshold.CANARY), this::canaries);
        alarms(own);
        return json(map("start", "-PT3H", "periodOverride", "inherit", "widgets", widgets));
    }

    private interface Lines {
        List<List<Object>> in(String region);
    }

    /// One graph for each Region.
    private void row(String title, String statistic, Map<String, Object> annotations, Lines lines) {
        var width = COLUMNS / config.regions().size();
        int x = 0;
        for (var region : config.regionNames()) {
            var properties = map(
                    "title",
                    region + ": " + title,
                    "region",
                    region,
                    "view",
                    "timeSeries",
                    "stat",
                    statistic,
                    "period",
                    60,
                    "metrics",
                    lines.in(region),
                    "annotations",
                    annotations);
            widget("metric", x, width, HEIGHT, properties);
            x += width;
        }
        y += HEIGHT;
    }

    private void widget(String type, int x, int width, int height, Map<String, Object> properties) {
        widgets.add(map("type", type, "x", x, "y", y, "width", width, "height", height, "properties", properties));
    }

    private void text(String markdown) {
        widget("text", 0, COLUMNS, 2, map("markdown", markdown));
        y += 2;
    }

    private void alarms(String own) {
        var all = new ArrayList<String>();
        for (var kind : List.of("page", Threshold.ERRORS.id(), Threshold.JOURNAL_AGE.id(), Threshold.WRITER.id())) {
            all.add(names.alarmArn(kind, own));
        }
        widget("alarm", 0, COLUMNS, 3, map("title", own + ": alarms", "alarms", all));
        y += 3;
    }

    private static Map<String, Object> limit(Threshold threshold) {
        return map("horizontal", List.of(map("label", "alarm", "value", threshold.limit())));
    }

    private static List<Object> search(String id, String namespace, String terms, String statistic) {
        return List.of(map(
                "id",
                id,
                "visible",
                false,
                "expression",
                "SEARCH('{%s} %s', '%s', 60)".formatted(namespace, terms, statistic)));
    }

    private static List<Object> expression(String expression, String label) {
        return List.of(map("expression", expression, "label", label));
    }

    private static List<Object> metric(ServiceMetric metric, String region, String statistic, String... more) {
        var line = new ArrayList<Object>(List.of(ServiceMetric.NAMESPACE, metric.id(), "region", region));
        line.addAll(List.of(more));
        line.add(map("stat", statistic));
        return line;
    }

    private String balancer(String metric) {
        return "MetricName=\"%s\" LoadBalancer=\"app/%s\"".formatted(metric, names.service());
    }

    private List<List<Object>> requests(String region) {
        return List.of(
                search("r", "AWS/ApplicationELB,LoadBalancer", balancer("RequestCount"), "Sum"),
                expression("SUM(r)", "requests"));
    }

    private List<List<Object>> errors(String region) {
        return List.of(
                search("e", "AWS/ApplicationELB,LoadBalancer", balancer("HTTPCode_Target_5XX_Count"), "Sum"),
                search("r", "AWS/ApplicationELB,LoadBalancer", balancer("RequestCount"), "Sum"),
                expression("100 * SUM(e) / SUM(r)", "5xx"));
    }

    private List<List<Object>> latency(String region) {
        return List.of(
                search("t", "AWS/ApplicationELB,LoadBalancer", balancer("TargetResponseTime"), "p99"),
                expression("MAX(t)", "p99"));
    }

    private List<List<Object>> orders(String region) {
        return List.of(
                metric(ServiceMetric.ORDERS_TAKEN, region, "Sum", "outcome", "confirmed"),
                metric(ServiceMetric.ORDERS_TAKEN, region, "Sum", "outcome", "accepted"),
                metric(ServiceMetric.ORDERS_TAKEN, region, "Sum", "outcome", "rejected"),
                metric(ServiceMetric.ORDERS_WAITING, region, "Maximum"));
    }

    private List<List<Object>> journal(String region) {
        return List.of(
                metric(ServiceMetric.JOURNAL_OPEN, region, "Maximum"),
                metric(ServiceMetric.JOURNAL_AGE, region, "Maximum"),
                metric(ServiceMetric.JOURNAL_FAILING, region, "Maximum"),
                metric(ServiceMetric.MISSING, region, "Sum"));
    }

    private List<List<Object>> sql(String region) {
        return List.of(
                metric(ServiceMetric.SQL_AVAILABLE, region, "Minimum", "pool", "writer"),
                metric(ServiceMetric.SQL_AVAILABLE, region, "Minimum", "pool", "reader"),
                metric(ServiceMetric.SQL_PENDING, region, "Maximum", "pool", "writer"),
                metric(ServiceMetric.WRITER_CHANGES, region, "Sum"),
                metric(ServiceMetric.WRITER_EPOCH, region, "Maximum"));
    }

    private List<List<Object>> lag(String region) {
        return List.of(
                List.of("AWS/RDS", "AuroraGlobalDBReplicationLag", "DBClusterIdentifier", names.sqlCluster(region)),
                List.of("AWS/RDS", "AuroraGlobalDBRPOLag", "DBClusterIdentifier", names.sqlCluster(region)));
    }

    private List<List<Object>> capacity(String region) {
        return List.of(List.of("AWS/RDS", "ACUUtilization", "DBClusterIdentifier", names.sqlCluster(region)));
    }

    private List<List<Object>> replication(String region) {
        return List.of(List.of(map(
                "expression",
                "SEARCH('{AWS/DynamoDB,TableName,ReceivingRegion} MetricName=\"ReplicationLatency\" TableName=\"%s-\"', 'Average', 60)"
                        .formatted(config.name()))));
    }

    private List<List<Object>> failed(String region) {
        return List.of(
                metric(ServiceMetric.STORE_CALLS, region, "SampleCount", "store", "dynamodb", "outcome", "failed"),
                metric(ServiceMetric.STORE_CALLS, region, "SampleCount", "store", "sql-writer", "outcome", "failed"),
                metric(ServiceMetric.REQUESTS, region, "SampleCount", "outcome", "SERVER_ERROR"),
                List.of(ServiceAlarms.LOGS, WatchStack.LOGGED_ERRORS, map("stat", "Sum")));
    }

    private List<List<Object>> tasks(String region) {
        return List.of(
                List.of(
                        "ECS/ContainerInsights",
                        "RunningTaskCount",
                        "ClusterName",
                        names.service(),
                        "ServiceName",
                        names.service()),
                search("h", "AWS/ApplicationELB,LoadBalancer,TargetGroup", balancer("HealthyHostCount"), "Minimum"),
                expression("MIN(h)", "healthy"));
    }

    private List<List<Object>> canaries(String region) {
        return config.regionNames().stream()
                .map(target -> List.<Object>of(
                        "CloudWatchSynthetics", "SuccessPercent", "CanaryName", names.canary(Canaries.ORDER, target)))
                .toList();
    }
}
