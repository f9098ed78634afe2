package dev.meridian.infra;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.meridian.infra.Config.Architecture;
import dev.meridian.infra.Config.Control;
import dev.meridian.infra.Config.Routing;
import dev.meridian.infra.Config.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a configuration costs a month: quantities from its templates, prices and load from
/// `infra/cost.yaml`.
final class Costs {
    /// One line of the table.
    ///
    /// @param part what it belongs to
    /// @param item what is charged
    /// @param quantity how much of it in a month
    /// @param price of one, the name in `cost.yaml`
    /// @param usd the product
    record Line(String part, String item, double quantity, String price, double usd) {}

    private static final double MILLION = 1e6;

    private final Config config;
    private final Templates templates;
    private final JsonNode prices;
    private final JsonNode load;
    private final double hours;
    private final List<Line> lines = new ArrayList<>();

    private Costs(Config config, Templates templates) {
        this.config = config;
        this.templates = templates;
        try (var file = Costs.class.getResourceAsStream("/cost.yaml")) {
            var all = new YAMLMapper().readTree(file);
            prices = all.get("prices");
            load = all.get("load");
            hours = all.get("hoursPerMonth").asDouble();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Line> of(Config config, Templates templates) {
        var costs = new Costs(config, templates);
        costs.network();
        costs.tables();
        costs.sql();
        costs.secrets();
        costs.service();
        costs.entrance();
        costs.watch();
        costs.release();
        return costs.lines;
    }

    /// USD by part, in the order of the table.
    static Map<String, Double> byPart(List<Line> lines) {
        var parts = new LinkedHashMap<String, Double>();
        lines.forEach(line -> parts.merge(line.part(), line.usd(), Double::sum));
        return parts;
    }

    static double total(List<Line> lines) {
        return lines.stream().mapToDouble(Line::usd).sum();
    }

    private void line(String part, String item, double quantity, String price) {
        if (quantity == 0) return;
        var usd = prices.path(price).path("usd");
        if (!usd.isNumber()) throw new IllegalStateException("cost.yaml has no price " + price);
        lines.add(new Line(part, item, quantity, price, quantity * usd.asDouble()));
    }

    private int regions() {
        return config.regions().size();
    }

    /// Requests a month, over all Regions, in millions.
    private double requests() {
        return load.get("requestsPerSecond").asDouble() * hours * 3_600 / MILLION;
    }

    private int zones() {
        return config.regions().stream().mapToInt(site -> site.zones().size()).sum();
    }

    private int tasks() {
        return config.regions().stream().mapToInt(site -> site.tasks().min()).sum();
    }

    private void network() {
        var gateways = templates.count("AWS::EC2::NatGateway");
        line("network", "NAT gateways", gateways * hours, "nat-hour");
        line("network", "data through NAT", load.get("natGbPerRegion").asDouble() * regions(), "nat-gb");
        var balancers = templates.count("AWS::ElasticLoadBalancingV2::LoadBalancer") / regions();
        line("network", "public addresses", (gateways + balancers * zones()) * hours, "public-address-hour");
        var services = config.egress().endpoints().stream()
                .mapToInt(endpoint -> endpoint == Config.Endpoint.ECR ? 2 : 1)
                .sum();
        line("network", "interface endpoints", (double) services * zones() * hours, "endpoint-hour");
        line("network", "data between Regions", load.get("betweenRegionsGb").asDouble(), "between-regions-gb");
        line("network", "data to customers", load.get("outGb").asDouble(), "out-gb");
    }

    private void tables() {
        var heartbeats = tasks() * hours * 3_600 / 5 / MILLION;
        // A cart line, a checkout and three writes of the journal for each order; likes and carts for the others.
        var orders = requests() * load.get("orderShare").asDouble();
        var writes = heartbeats + orders * 5 + requests() * 0.1;
        line("tables", "writes, in each Region, millions", writes * regions(), "dynamodb-million-writes");
        line(
                "tables",
                "reads, millions",
                requests() * 1.5 + tasks() * hours * 3_600 / MILLION,
                "dynamodb-million-reads");
        var stored = load.get("storedGb").asDouble() * regions();
        line("tables", "storage", stored, "dynamodb-gb");
        line("tables", "restorable to any second", stored, "dynamodb-restorable-gb");
    }

    private void sql() {
        var optimized = config.sql().storage() == Storage.IOPT1;
        var instances = templates.count("AWS::RDS::DBInstance");
        line(
                "sql",
                instances + " instances at their least capacity",
                instances * config.sql().capacityMin() * hours,
                optimized ? "acu-iopt1-hour" : "acu-hour");
        var clusters = config.sqlRegions().size();
        line("sql", "storage", load.get("storedGb").asDouble() * clusters, optimized ? "aurora-iopt1-gb" : "aurora-gb");
        var writes = requests() * load.get("orderShare").asDouble() * 10;
        if (!optimized) line("sql", "I/O, millions", writes + requests() * 0.5, "aurora-million-io");
        line("sql", "replicated writes, millions", writes * (clusters - 1), "aurora-million-replicated-writes");
    }

    private void secrets() {
        line(
                "secrets",
                "secrets, in each Region",
                templates.count("AWS::SecretsManager::Secret") * regions(),
                "secret");
        line("secrets", "keys", templates.count("AWS::KMS::Key"), "key");
    }

    private void service() {
        var kind = config.architecture() == Architecture.ARM ? "arm" : "x86";
        line("service", "tasks at their least number, vCPU", tasks() * 0.25 * hours, "fargate-" + kind + "-vcpu-hour");
        line("service", "tasks at their least number, GB", tasks() * 0.5 * hours, "fargate-" + kind + "-gb-hour");
        var balancers = templates.count("AWS::ElasticLoadBalancingV2::LoadBalancer");
        line("service", "load balancers", balancers * hours, "load-balancer-hour");
        line("service", "load balancers, one unit", balancers * hours, "load-balancer-unit-hour");
        var acls = templates.count("AWS::WAFv2::WebACL");
        line("service", "web ACLs", acls, "waf-acl");
        line("service", "rules of web ACLs", acls * 5, "waf-rule");
        line("service", "requests through web ACLs, millions", requests(), "waf-million-requests");
        line("service", "images", 5.0 * regions(), "registry-gb");
    }

    private void entrance() {
        line("routing", "hosted zone", 1, "zone");
        line("routing", "queries, millions", requests() / 5, "million-queries");
        var checks = templates.count("AWS::Route53::HealthCheck");
        line("routing", "health checks", checks, "health-check");
        line("routing", "health checks: TLS, fast, latency", 3 * regions(), "health-check-option");
        if (config.routing() == Routing.GLOBAL_ACCELERATOR) {
            line("accelerator", "accelerator", hours, "accelerator-hour");
            line("accelerator", "data", load.get("outGb").asDouble(), "accelerator-gb");
        }
        if (config.control() == Control.ARC_ROUTING_CONTROL) {
            line("control", "cluster of routing controls", hours, "routing-control-cluster-hour");
        }
        if (config.control() == Control.ARC_REGION_SWITCH) line("control", "plan", 1, "region-switch-plan");
    }

    private void watch() {
        line("watch", "alarms", templates.count("AWS::CloudWatch::Alarm"), "alarm");
        line("watch", "composite alarms", templates.count("AWS::CloudWatch::CompositeAlarm"), "composite-alarm");
        line("watch", "dashboards", templates.count("AWS::CloudWatch::Dashboard"), "dashboard");
        // Dimensions have two to six values each.
        line("watch", "metrics of the service", ServiceMetric.values().length * 2.5 * regions(), "metric");
        var canaries = templates.count("AWS::Synthetics::Canary");
        if (canaries > 0) {
            var runs = hours * 60 / config.options().canaries();
            line("watch", canaries + " canaries, runs", canaries * runs, "canary-run");
        }
        line("watch", "logs", load.get("logGbPerRegion").asDouble() * regions(), "log-gb");
        line("watch", "traces, millions", requests() * 0.05, "million-traces");
    }

    private void release() {
        if (config.options().backup()) {
            line("operate", "backups, two copies", load.get("storedGb").asDouble() * 2 * 2, "backup-gb");
        }
        if (config.options().resilienceHub()) line("operate", "Resilience Hub", 1, "resilience-hub");
        if (!config.options().pipeline()) return;
        line("release", "pipeline", 1, "pipeline");
        line("release", "minutes of builds", load.get("buildMinutes").asDouble(), "build-minute");
    }
}
