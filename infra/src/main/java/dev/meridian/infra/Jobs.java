package dev.meridian.infra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.ecs.ContainerImage;
import software.amazon.awscdk.services.ecs.LinuxParameters;
import software.amazon.awscdk.services.iam.Role;

/// Tasks that are run once: `reconcile`, as the auditor, and the load of a drill.
final class Jobs {
    static final String RECONCILE = "reconcile";
    static final String LOAD = "load";

    private final PlatformStack stack;
    private final Containers containers;
    private final List<Role> roles;

    Jobs(PlatformStack stack, NetworkStack network) {
        this.stack = stack;
        this.containers = new Containers(stack, network.logs);
        this.roles = Stream.concat(reconcile().stream(), load().stream()).toList();
    }

    String reconcileFamily() {
        return stack.config.name() + "-" + RECONCILE;
    }

    private String loadFamily() {
        return stack.config.name() + "-" + LOAD;
    }

    /// Logs in to any cluster, restored ones too, with a token of the auditor, who only reads.
    private List<Role> reconcile() {
        var execution =
                containers.executionRole("ReconcileExecution", stack.names.role("reconcile-execution", stack.region));
        var role = Containers.taskRole(stack, "ReconcileRole", stack.names.role(RECONCILE, stack.region));
        role.addToPolicy(PlatformStack.allow(
                List.of("rds-db:connect"),
                stack.config.sqlRegions().stream()
                        .map(site -> stack.names.arn("rds-db", site.region(), "dbuser:*/" + SqlStack.AUDITOR))
                        .toList()));
        var task = containers.task("Reconcile", reconcileFamily(), execution, role);
        Containers.add(
                task,
                RECONCILE,
                containers
                        .meridian(
                                RECONCILE,
                                List.of("reconcile", "--help"),
                                PlatformStack.map(
                                        "AWS_REGION", stack.region,
                                        "PGUSER", SqlStack.AUDITOR,
                                        "PGSSLROOTCERT", "/etc/meridian/rds-ca.pem"))
                        .build());
        return List.of(execution, role);
    }

    /// Reads, and orders with a spike of 30 %, all of which it looks for at the end.
    private List<Role> load() {
        var execution = containers.executionRole("LoadExecution", stack.names.role("load-execution", stack.region));
        var role = Containers.taskRole(stack, "LoadRole", stack.names.role(LOAD, stack.region));
        var task = containers.task("Load", loadFamily(), execution, role);
        Containers.add(
                task,
                LOAD,
                ContainerDefinitionOptions.builder()
                        .containerName(LOAD)
                        .image(ContainerImage.fromRegistry(stack.config.images().load()))
                        .command(List.of("node", "--input-type=module", "--eval", script()))
                        .environment(PlatformStack.sorted(Map.of(
                                "STORE", "https://" + stack.config.zone().name(),
                                "RATE", "20",
                                "SECONDS", "900",
                                "SPIKE", "0.3")))
                        .user(Containers.USER)
                        .readonlyRootFilesystem(true)
                        .linuxParameters(LinuxParameters.Builder.create(stack, "Linux-load")
                                .build())
                        .logging(containers.logs(LOAD))
                        .build());
        return List.of(execution, role);
    }

    private static String script() {
        try (var file = Jobs.class.getResourceAsStream("/load/orders.mjs")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What a role needs to run them.
    void permit(Role other) {
        other.addToPolicy(PlatformStack.allow(
                List.of("ecs:RunTask"),
                Stream.of(reconcileFamily(), loadFamily())
                        .map(family -> stack.names.arn("ecs", stack.region, "task-definition/" + family + ":*"))
                        .toList()));
        other.addToPolicy(PlatformStack.allow(
                List.of("ecs:DescribeTasks"),
                List.of(stack.names.arn("ecs", stack.region, "task/" + stack.names.service() + "/*"))));
        other.addToPolicy(PlatformStack.allow(
                List.of("iam:PassRole"),
                roles.stream().map(Role::getRoleArn).toList(),
                Map.of("StringEquals", Map.of("iam:PassedToService", "ecs-tasks.amazonaws.com"))));
    }
}
