package dev.meridian.infra;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Tasks of ECS and what stands before them.
final class ServiceChecks {
    static final String TASK = "AWS::ECS::TaskDefinition";
    static final String SERVICE = "AWS::ECS::Service";
    static final String TARGETS = "AWS::ElasticLoadBalancingV2::TargetGroup";

    /// "Task CPU and memory" of the ECS guide: memory in MiB from, to, and steps of 1,024 above the first values.
    private static final Map<String, int[]> SIZES = Map.of(
            "256",
            new int[] {512, 2048},
            "512",
            new int[] {1024, 4096},
            "1024",
            new int[] {2048, 8192},
            "2048",
            new int[] {4096, 16384},
            "4096",
            new int[] {8192, 30720});

    /// "PutRetentionPolicy" of the CloudWatch Logs API.
    private static final Set<Integer> RETENTIONS = Set.of(
            1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653);

    /// Names of settings whose values belong in a secret, and values that look like one.
    private static final Pattern SECRET_NAME =
            Pattern.compile("(?i).*(SECRET|PASSWORD$|TOKENS?$|SESSION_KEYS?$|PRIVATE_KEY|ACCESS_KEY).*");
    private static final Pattern SECRET_VALUE =
            Pattern.compile("AKIA[A-Z0-9]{16}|[A-Za-z0-9/+]{40}|-----BEGIN .*|[0-9a-f]{64}");

    private ServiceChecks() {}

    static void look(Synthesis synthesis, Consumer<Finding> found) {
        synthesis.resources(TASK).forEach(task -> task(task, found));
        synthesis.resources(SERVICE).forEach(service -> service(synthesis, service, found));
        synthesis.resources(TARGETS).forEach(targets -> targets(targets, found));
        synthesis.resources("AWS::Logs::LogGroup").forEach(group -> {
            int days = group.at("RetentionInDays").asInt();
            if (!RETENTIONS.contains(days))
                found.accept(group.finding("log-retention", "cannot keep logs for " + days + " days"));
        });
    }

    private static void task(Resource task, Consumer<Finding> found) {
        var size = SIZES.get(task.text("Cpu"));
        int memory = task.at("Memory").asInt();
        if (size == null || memory < size[0] || memory > size[1] || memory > 512 && memory % 1024 != 0) {
            found.accept(task.finding(
                    "task-size", "Fargate has no task of " + task.text("Cpu") + " units and " + memory + " MiB"));
        }
        for (var container : task.at("ContainerDefinitions")) container(task, container, found);
    }

    private static void container(Resource task, JsonNode container, Consumer<Finding> found) {
        var name = container.path("Name").asText();
        var image = Resource.text(container.path("Image"), task.stack().region());
        if (image.isEmpty()) found.accept(task.finding("image", name + " has no image"));
        if (image.endsWith(":latest") || !image.contains(":") && !image.contains("@")) {
            found.accept(task.finding("image", name + " has an image that moves: " + image));
        }
        if (!container.path("ReadonlyRootFilesystem").asBoolean())
            found.accept(task.finding("container", name + " may write its files"));
        var user = container.path("User").asText();
        if (user.isEmpty() || user.startsWith("0") || user.startsWith("root"))
            found.accept(task.finding("container", name + " is root"));
        var names = new HashSet<String>();
        for (var variable : container.path("Environment")) {
            var key = variable.path("Name").asText();
            if (!names.add(key)) found.accept(task.finding("environment", name + " has " + key + " twice"));
            var value = Resource.text(variable.path("Value"), task.stack().region());
            if (SECRET_NAME.matcher(key).matches()
                    || SECRET_VALUE.matcher(value).matches()) {
                found.accept(task.finding("secret", key + " of " + name + " must come from a secret"));
            }
        }
        for (var secret : container.path("Secrets")) {
            if (!names.add(secret.path("Name").asText())) {
                found.accept(task.finding(
                        "environment", name + " has " + secret.path("Name").asText() + " twice"));
            }
        }
    }

    private static void service(Synthesis synthesis, Resource service, Consumer<Finding> found) {
        var task = synthesis.referred(service.stack(), service.at("TaskDefinition"));
        if (task == null) return;
        var ports = new HashMap<String, Set<Integer>>();
        for (var container : task.at("ContainerDefinitions")) {
            var own = ports.computeIfAbsent(container.path("Name").asText(), name -> new HashSet<>());
            container
                    .path("PortMappings")
                    .forEach(mapping -> own.add(mapping.path("ContainerPort").asInt()));
        }
        for (var balancer : service.at("LoadBalancers")) {
            var name = balancer.path("ContainerName").asText();
            int port = balancer.path("ContainerPort").asInt();
            if (!ports.getOrDefault(name, Set.of()).contains(port)) {
                found.accept(service.finding("container-port", "no container " + name + " has port " + port));
            }
            var targets = synthesis.referred(service.stack(), balancer.path("TargetGroupArn"));
            if (targets != null && targets.at("Port").asInt() != port) {
                found.accept(service.finding("container-port", "the target group has another port than " + port));
            }
        }
        if (!service.at("DeploymentConfiguration.DeploymentCircuitBreaker.Rollback")
                .asBoolean()) {
            found.accept(service.finding("rollback", "a bad deployment stays"));
        }
        if (service.at("DeploymentConfiguration.MinimumHealthyPercent").asInt() < 100) {
            found.accept(service.finding("rollback", "a deployment takes tasks away first"));
        }
    }

    private static void targets(Resource targets, Consumer<Finding> found) {
        if (targets.at("HealthCheckTimeoutSeconds").asInt(5)
                >= targets.at("HealthCheckIntervalSeconds").asInt(30)) {
            found.accept(targets.finding("health-check", "may last longer than the time until the next"));
        }
        var check = targets.text("HealthCheckPath") + " on " + targets.text("HealthCheckPort");
        if (!List.of("/q/health/ready on 9000", "/health on traffic-port", "/health on 8080", "/health on 443")
                .contains(check)) {
            found.accept(targets.finding("health-check", "asks for " + check));
        }
        var admin = String.valueOf(ServiceTask.ADMIN_PORT);
        var ports = new HashSet<>(List.of(targets.text("Port"), targets.text("HealthCheckPort")));
        targets.at("Targets").forEach(target -> ports.add(target.path("Port").asText()));
        if (ports.contains(admin))
            found.accept(targets.finding("admin-port", "a load balancer reaches administration"));
        if (targets.text("TargetType").equals("alb")) return;
        int delay = 300;
        for (var attribute : targets.at("TargetGroupAttributes")) {
            if (attribute.path("Key").asText().equals("deregistration_delay.timeout_seconds"))
                delay = attribute.path("Value").asInt();
        }
        // The service needs 15 s to end, and ECS waits for this delay before it says so.
        if (delay > 30) found.accept(targets.finding("deregistration", "takes " + delay + " s"));
    }
}
