package dev.meridian.infra;

import dev.meridian.infra.Config.Login;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.ecs.AppProtocol;
import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.ecs.ContainerImage;
import software.amazon.awscdk.services.ecs.FargateTaskDefinition;
import software.amazon.awscdk.services.ecs.HealthCheck;
import software.amazon.awscdk.services.ecs.PortMapping;
import software.amazon.awscdk.services.ecs.Secret;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;

/// The task of the service: the service itself and the collector of traces and metrics, whose failure
/// does not end it.
final class ServiceTask {
    static final int PORT = 8080;
    static final int MANAGEMENT_PORT = 9000;
    /// Of administrators: no load balancer has it as a target.
    static final int ADMIN_PORT = 8090;
    static final String CONTAINER = "meridian";

    private final PlatformStack stack;
    private final SqlAddresses addresses;
    private final Containers containers;
    final FargateTaskDefinition task;

    ServiceTask(PlatformStack stack, NetworkStack network, SqlAddresses addresses) {
        this.stack = stack;
        this.addresses = addresses;
        this.containers = new Containers(stack, network.logs);
        var execution = containers.executionRole("Execution", stack.names.role("execution", stack.region));
        var role = Containers.taskRole(stack, "Role", stack.names.role("", stack.region));
        permit(role);
        task = containers.task("Task", stack.config.name(), execution, role);
        Containers.add(task, CONTAINER, service());
        task.addContainer("collector", collector());
    }

    private void permit(Role role) {
        TablePermissions.in(stack.names, stack.region).forEach(role::addToPolicy);
        if (stack.config.options().dynamoFallback()) {
            TablePermissions.in(stack.names, fallback()).forEach(role::addToPolicy);
        }
        if (stack.config.sql().login() == Login.IAM) {
            role.addToPolicy(
                    PlatformStack.allow(List.of("rds-db:connect"), addresses.logins(stack.names, SqlStack.APP)));
        }
        // Traces have no resource that a policy could name.
        role.addToPolicy(
                PlatformStack.allow(List.of("xray:PutTraceSegments", "xray:PutTelemetryRecords"), List.of("*")));
        var metrics = LogGroup.Builder.create(stack, "MetricLogs")
                .logGroupName(stack.names.metricLogs())
                .retention(RetentionDays.ONE_WEEK)
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        role.addToPolicy(PlatformStack.allow(
                List.of("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
                List.of(metrics.getLogGroupArn())));
    }

    /// The next Region of the list.
    private String fallback() {
        var names = stack.config.regionNames();
        return names.get((names.indexOf(stack.region) + 1) % names.size());
    }

    private ContainerDefinitionOptions service() {
        var given = new HashMap<>(Map.of(
                "MERIDIAN_ADMIN_TOKENS",
                Secret.fromSecretsManager(SecretsStack.copy(stack, "AdminTokens", Part.SECRETS)),
                "MERIDIAN_GUEST_SECRET",
                Secret.fromSecretsManager(SecretsStack.copy(stack, "GuestSecret", Part.SECRETS)),
                "MERIDIAN_SESSION_KEYS",
                Secret.fromSecretsManager(SecretsStack.copy(stack, "SessionKeys", Part.SECRETS))));
        if (stack.config.sql().login() == Login.PASSWORD) {
            var app = SecretsStack.copy(stack, "SqlApp", Part.SQL);
            given.put("MERIDIAN_SQL_USERNAME", Secret.fromSecretsManager(app, "username"));
            given.put("MERIDIAN_SQL_PASSWORD", Secret.fromSecretsManager(app, "password"));
        }
        return containers
                .meridian(CONTAINER, List.of("-Xmx160m", "-Xmn16m", "serve"), environment())
                .memoryLimitMiB(352)
                .secrets(PlatformStack.sorted(given))
                .portMappings(List.of(
                        PortMapping.builder()
                                .name("http")
                                .containerPort(PORT)
                                .appProtocol(AppProtocol.getHttp())
                                .build(),
                        PortMapping.builder()
                                .name("management")
                                .containerPort(MANAGEMENT_PORT)
                                .build(),
                        PortMapping.builder()
                                .name("admin")
                                .containerPort(ADMIN_PORT)
                                .build()))
                .healthCheck(check("/meridian", "health"))
                .build();
    }

    private Map<String, Object> environment() {
        var config = stack.config;
        var environment = Containers.environment(stack, addresses);
        if (config.sql().login() == Login.IAM) {
            environment.put("MERIDIAN_SQL_IAM", "true");
            environment.put("MERIDIAN_SQL_USERNAME", SqlStack.APP);
        }
        if (config.options().dynamoFallback()) {
            environment.put("MERIDIAN_DYNAMO_FALLBACK_ENABLED", "true");
            environment.put("MERIDIAN_DYNAMO_FALLBACK_REGION", fallback());
        }
        environment.putAll(IdentityStack.settings(stack));
        environment.put("MERIDIAN_SQL_TASKS_MAX", config.tasksMax());
        environment.put("MERIDIAN_TELEMETRY_LOG_GROUPS", stack.names.serviceLogs());
        environment.put("MERIDIAN_HTTP_TRUSTED_PROXIES", stack.site().cidr());
        environment.put("QUARKUS_HTTP_CORS_ORIGINS", "https://" + config.zone().name());
        environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317");
        environment.put("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
        environment.put("OTEL_TRACES_SAMPLER_ARG", "0.05");
        return environment;
    }

    private ContainerDefinitionOptions collector() {
        return ContainerDefinitionOptions.builder()
                .containerName("collector")
                .image(ContainerImage.fromRegistry(stack.config.images().collector()))
                .essential(false)
                .enableRestartPolicy(true)
                .restartAttemptPeriod(Duration.seconds(60))
                .user(Containers.USER)
                .memoryLimitMiB(160)
                .readonlyRootFilesystem(true)
                .environment(Map.of("AOT_CONFIG_CONTENT", collectorConfiguration()))
                .healthCheck(check("/healthcheck"))
                .logging(containers.logs("collector"))
                .build();
    }

    private static HealthCheck check(String... command) {
        var whole = new ArrayList<>(List.of("CMD"));
        whole.addAll(List.of(command));
        return HealthCheck.builder()
                .command(whole)
                .interval(Duration.seconds(30))
                .timeout(Duration.seconds(5))
                .retries(3)
                .startPeriod(Duration.seconds(10))
                .build();
    }

    private String collectorConfiguration() {
        return """
                extensions:
                  health_check:
                    endpoint: 0.0.0.0:13133
                receivers:
                  otlp:
                    protocols:
                      grpc:
                        endpoint: 127.0.0.1:4317
                  prometheus:
                    config:
                      scrape_configs:
                        - job_name: meridian
                          scrape_interval: 60s
                          metrics_path: /q/metrics
                          static_configs:
                            - targets: ["127.0.0.1:%1$d"]
                processors:
                  memory_limiter:
                    check_interval: 1s
                    limit_mib: 100
                  resourcedetection:
                    detectors: [env, ecs]
                    override: false
                  batch: {}
                exporters:
                  awsxray:
                    region: %2$s
                    indexed_attributes: [otel.resource.cloud.region, otel.resource.service.version, http.route]
                  awsemf:
                    region: %2$s
                    namespace: %3$s
                    log_group_name: %4$s
                    dimension_rollup_option: NoDimensionRollup
                    metric_declarations:
                %5$s\
                service:
                  extensions: [health_check]
                  pipelines:
                    traces:
                      receivers: [otlp]
                      processors: [memory_limiter, resourcedetection, batch]
                      exporters: [awsxray]
                    metrics:
                      receivers: [prometheus]
                      processors: [memory_limiter, resourcedetection, batch]
                      exporters: [awsemf]
                """.formatted(
                        MANAGEMENT_PORT,
                        stack.region,
                        ServiceMetric.NAMESPACE,
                        stack.names.metricLogs(),
                        ServiceMetric.declarations());
    }
}
