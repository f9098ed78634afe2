package dev.meridian.infra;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Records and health checks of Route 53.
final class RecordChecks {
    static final String RECORD = "AWS::Route53::RecordSet";
    static final String CHECK = "AWS::Route53::HealthCheck";
    private static final List<String> POLICIES = List.of(
            "Region",
            "Weight",
            "Failover",
            "GeoLocation",
            "MultiValueAnswer",
            "CidrRoutingConfig",
            "GeoProximityLocation");
    private static final Set<String> TYPES = Set.of(
            "HTTP",
            "HTTPS",
            "HTTP_STR_MATCH",
            "HTTPS_STR_MATCH",
            "TCP",
            "CALCULATED",
            "CLOUDWATCH_METRIC",
            "RECOVERY_CONTROL");

    private RecordChecks() {}

    static void look(Synthesis synthesis, Consumer<Finding> found) {
        var policies = new HashMap<String, String>();
        // Sets that answer when no record with a check is healthy.
        var resorts = new HashSet<String>();
        synthesis
                .resources(RECORD)
                .filter(record -> record.text("Failover").equals("SECONDARY"))
                .forEach(record -> resorts.add(record.text("AliasTarget.DNSName")));
        synthesis.resources(RECORD).forEach(record -> {
            var given = new ArrayList<String>();
            for (var policy : POLICIES) if (!record.at(policy).isMissingNode()) given.add(policy);
            if (given.size() > 1)
                found.accept(record.finding("routing-policy", "has more than one routing policy: " + given));
            boolean identified = !record.text("SetIdentifier").isEmpty();
            if (identified != !given.isEmpty()) {
                found.accept(record.finding("set-identifier", "a routing policy and a SetIdentifier belong together"));
            }
            var key = record.text("Name") + " " + record.text("Type");
            var before = policies.putIfAbsent(key, given.toString());
            if (before != null && !before.equals(given.toString())) {
                found.accept(record.finding("routing-policy", "another record of the name has " + before));
            }
            boolean alias = !record.at("AliasTarget").isMissingNode();
            if (alias
                    && (!record.at("TTL").isMissingNode()
                            || !record.at("ResourceRecords").isMissingNode())) {
                found.accept(record.finding("alias", "an alias has no TTL and no values"));
            }
            if (!alias && record.at("TTL").isMissingNode()) found.accept(record.finding("alias", "has no TTL"));
            if (alias
                    && !given.isEmpty()
                    && !record.at("AliasTarget.EvaluateTargetHealth").asBoolean()) {
                found.accept(record.finding("alias", "does not look at the health of its target"));
            }
            boolean checked = !record.at("HealthCheckId").isMissingNode()
                    || record.at("AliasTarget.DNSName").isTextual();
            if (!given.isEmpty() && !checked && !resorts.contains(record.text("Name"))) {
                found.accept(record.finding("record-check", "has no health check"));
            }
        });
        synthesis.resources(CHECK).forEach(check -> check(check, found));
    }

    private static void check(Resource check, Consumer<Finding> found) {
        var type = check.text("HealthCheckConfig.Type");
        if (!TYPES.contains(type)) found.accept(check.finding("check-type", "no type of a check: " + type));
        if (type.startsWith("HTTP") || type.equals("TCP")) {
            var threshold = check.at("HealthCheckConfig.FailureThreshold");
            if (!threshold.isInt() || threshold.asInt() < 1 || threshold.asInt() > 10) {
                found.accept(check.finding("check-threshold", "no threshold: " + threshold));
            }
            if (!List.of(10, 30)
                    .contains(check.at("HealthCheckConfig.RequestInterval").asInt())) {
                found.accept(check.finding("check-interval", "asks every 10 or 30 s"));
            }
            if (!check.text("HealthCheckConfig.ResourcePath").equals("/health")) {
                found.accept(check.finding("check-path", "asks for " + check.text("HealthCheckConfig.ResourcePath")));
            }
            int regions = check.at("HealthCheckConfig.Regions").size();
            if (regions > 0 && regions < 3)
                found.accept(check.finding("check-regions", "needs three Regions that look"));
        }
        if (type.equals("CALCULATED")) {
            int children = check.at("HealthCheckConfig.ChildHealthChecks").size();
            int threshold = check.at("HealthCheckConfig.HealthThreshold").asInt(-1);
            if (threshold < 0 || threshold > children) {
                found.accept(check.finding("check-threshold", threshold + " of " + children + " checks"));
            }
        }
    }
}
