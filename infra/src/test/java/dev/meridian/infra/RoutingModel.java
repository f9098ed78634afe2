package dev.meridian.infra;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What Route 53, ARC and Global Accelerator do with the records, checks, controls and endpoints of the templates.
///
/// Rules of Route 53 ("How Amazon Route 53 chooses records when health checking is configured"): records whose
/// check or target is unhealthy are left out; when all are, all count as healthy. Records of weight 0 answer only when
/// all others are unhealthy. A failover pair whose both records are unhealthy answers with the primary. A load
/// balancer is healthy when each of its target groups has a healthy target.
///
/// Rules of Global Accelerator ("How failover works for unhealthy endpoints"): the nearest group whose dial is not
/// 0 and which has a healthy endpoint; else any that has one, whatever its dial; else the nearest.
final class RoutingModel {
    /// What is wrong.
    ///
    /// @param lost Regions that do not answer at all
    /// @param drained Regions that an administrator took out of traffic
    /// @param failing Regions whose `/health` answers 503, or is not reached by those who check
    /// @param off Regions that a routing control or a plan took out
    record State(Set<String> lost, Set<String> drained, Set<String> failing, Set<String> off) {
        boolean lives(String region) {
            return !lost.contains(region);
        }

        /// Whether the Region should have traffic.
        boolean fit(String region) {
            return lives(region) && !drained.contains(region) && !failing.contains(region) && !off.contains(region);
        }

        /// The answer of `/health`, for whoever asks.
        private boolean health(String region) {
            return lives(region) && !drained.contains(region) && !failing.contains(region);
        }
    }

    private final Synthesis synthesis;
    private final String store;
    private final Map<String, String> planChecks;
    private final List<Resource> groups;
    private final Map<String, List<Resource>> recordsByName = new HashMap<>();
    private final Map<String, List<Resource>> targetsByBalancer = new HashMap<>();
    private final Map<String, Resource> targetsOfRecords = new HashMap<>();

    /// @param store the name that customers ask for
    /// @param planChecks the checks that a plan of Region switch made: their ids by Region
    RoutingModel(Synthesis synthesis, String store, Map<String, String> planChecks) {
        this.synthesis = synthesis;
        this.store = store;
        this.planChecks = planChecks;
        this.groups =
                synthesis.resources("AWS::GlobalAccelerator::EndpointGroup").toList();
    }

    /// The Regions that answer a client: several, where shares decide.
    ///
    /// @param near the Regions as the client sees them, the nearest first
    Set<String> answer(State state, List<String> near) {
        return new Client(state, near).answer(store);
    }

    private final class Client {
        private final State state;
        private final List<String> near;

        Client(State state, List<String> near) {
            this.state = state;
            this.near = near;
        }

        Set<String> answer(String name) {
            var answers = new TreeSet<String>();
            for (var record : choose(records(name))) answers.addAll(target(record));
            return answers;
        }

        private List<Resource> choose(List<Resource> all) {
            if (all.isEmpty()) throw new AssertionError("no record");
            var healthy = all.stream().filter(this::healthy).toList();
            if (!all.getFirst().text("Failover").isEmpty()) {
                var primary = all.stream()
                        .filter(record -> record.text("Failover").equals("PRIMARY"))
                        .toList();
                return healthy.isEmpty() || healthy.containsAll(primary) ? primary : healthy;
            }
            var usable = healthy.isEmpty() ? all : healthy;
            if (!all.getFirst().text("Region").isEmpty()) {
                return List.of(usable.stream()
                        .min(Comparator.comparingInt(record -> near.indexOf(record.text("Region"))))
                        .orElseThrow());
            }
            if (!all.getFirst().text("Weight").isEmpty()) {
                var weighted = usable.stream()
                        .filter(record -> record.at("Weight").asInt() > 0)
                        .toList();
                return weighted.isEmpty() ? usable : weighted;
            }
            return usable;
        }

        private boolean healthy(Resource record) {
            var check = record.at("HealthCheckId");
            if (!check.isMissingNode() && !passes(record.stack(), check)) return false;
            return !record.at("AliasTarget.EvaluateTargetHealth").asBoolean() || targetIsHealthy(record);
        }

        private boolean passes(StackTemplate stack, JsonNode id) {
            for (var made : planChecks.entrySet()) {
                if (made.getValue().equals(id.asText())) return !state.off().contains(made.getKey());
            }
            var check = synthesis.referred(stack, id);
            if (check == null) throw new AssertionError("no health check: " + id);
            var config = check.at("HealthCheckConfig");
            return switch (config.path("Type").asText()) {
                case "HTTPS" ->
                    answer(config.path("FullyQualifiedDomainName").asText()).stream()
                            .allMatch(state::health);
                case "RECOVERY_CONTROL" ->
                    !state.off().contains(controlled(check.stack(), config.path("RoutingControlArn")));
                case "CALCULATED" -> {
                    int good = 0;
                    for (var child : config.path("ChildHealthChecks")) if (passes(check.stack(), child)) good++;
                    yield good
                            >= config.path("HealthThreshold")
                                    .asInt(config.path("ChildHealthChecks").size());
                }
                default -> throw new AssertionError("the model does not know the check " + config);
            };
        }

        private boolean targetIsHealthy(Resource record) {
            var alias = record.at("AliasTarget.DNSName");
            if (alias.isTextual()) return records(alias.asText()).stream().anyMatch(this::healthy);
            var target = aliasOf(record);
            return !target.type().equals(EdgeChecks.BALANCER) || balancerIsHealthy(target);
        }

        private Set<String> target(Resource record) {
            var alias = record.at("AliasTarget.DNSName");
            if (alias.isTextual()) return answer(alias.asText());
            var target = aliasOf(record);
            return target.type().equals(EdgeChecks.BALANCER)
                    ? Set.of(target.stack().region())
                    : accelerator();
        }

        private Set<String> accelerator() {
            var nearest = groups.stream()
                    .sorted(Comparator.comparingInt(group -> near.indexOf(group.text("EndpointGroupRegion"))))
                    .toList();
            var open = nearest.stream()
                    .filter(group -> group.at("TrafficDialPercentage").asInt(100) > 0)
                    .toList();
            return open.stream()
                    .filter(this::hasHealthyEndpoint)
                    .findFirst()
                    .or(() -> nearest.stream().filter(this::hasHealthyEndpoint).findFirst())
                    .or(() -> open.stream().findFirst())
                    .map(group -> Set.of(group.text("EndpointGroupRegion")))
                    .orElseThrow();
        }

        private boolean hasHealthyEndpoint(Resource group) {
            for (var endpoint : group.at("EndpointConfigurations")) {
                boolean weighs = endpoint.path("Weight").asInt(128) > 0;
                if (weighs && balancerIsHealthy(find(group.stack(), endpoint.path("EndpointId")))) return true;
            }
            return false;
        }

        /// Each target group that has targets has a healthy one.
        private boolean balancerIsHealthy(Resource balancer) {
            var region = balancer.stack().region();
            for (var targets : targetGroups(balancer)) {
                boolean deep = targets.text("HealthCheckPath").equals("/health");
                if (deep ? !state.health(region) : !state.lives(region)) return false;
            }
            return true;
        }
    }

    /// The target groups that the listeners of a load balancer forward to.
    private List<Resource> targetGroups(Resource balancer) {
        return targetsByBalancer.computeIfAbsent(balancer.toString(), id -> readTargetGroups(balancer));
    }

    private List<Resource> readTargetGroups(Resource balancer) {
        var found = new TreeMap<String, Resource>();
        var stack = balancer.stack();
        stack.resources(EdgeChecks.LISTENER)
                .filter(listener -> balancer.equals(stack.referred(listener.at("LoadBalancerArn"))))
                .forEach(listener -> {
                    targets(stack, listener.properties(), found);
                    stack.resources(EdgeChecks.RULE)
                            .filter(rule -> listener.equals(stack.referred(rule.at("ListenerArn"))))
                            .forEach(rule -> targets(stack, rule.properties(), found));
                });
        if (found.isEmpty()) throw new AssertionError(balancer + " has no targets");
        return List.copyOf(found.values());
    }

    private static void targets(StackTemplate stack, JsonNode actions, Map<String, Resource> found) {
        for (var arn : actions.findValues("TargetGroupArn")) {
            var group = stack.referred(arn);
            if (group != null) found.put(group.id(), group);
        }
    }

    private Resource aliasOf(Resource record) {
        return targetsOfRecords.computeIfAbsent(
                record.toString(), id -> find(record.stack(), record.at("AliasTarget.DNSName")));
    }

    /// The Region that a routing control of ARC is for, by its name.
    private String controlled(StackTemplate stack, JsonNode arn) {
        var control = synthesis.referred(stack, arn);
        if (control == null) throw new AssertionError("no routing control: " + arn);
        return synthesis.regions().stream()
                .filter(region -> control.text("Name").contains(region))
                .findFirst()
                .orElseThrow();
    }

    private List<Resource> records(String name) {
        return recordsByName.computeIfAbsent(name, this::readRecords);
    }

    private List<Resource> readRecords(String name) {
        return synthesis
                .resources(RecordChecks.RECORD)
                .filter(record -> record.text("Name").replaceAll("\\.$", "").equals(name.replaceAll("\\.$", "")))
                .filter(record -> record.text("Type").equals("A"))
                .toList();
    }

    /// The first resource that a value refers to, however it is wrapped.
    private Resource find(StackTemplate stack, JsonNode value) {
        var direct = synthesis.referred(stack, value);
        if (direct != null) return direct;
        for (var part : value) {
            if (!part.isContainerNode()) continue;
            var found = find(stack, part);
            if (found != null) return found;
        }
        return null;
    }
}
