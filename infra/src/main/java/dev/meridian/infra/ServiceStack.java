package dev.meridian.infra;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.applicationautoscaling.EnableScalingProps;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ecs.AlarmBehavior;
import software.amazon.awscdk.services.ecs.AvailabilityZoneRebalancing;
import software.amazon.awscdk.services.ecs.CpuUtilizationScalingProps;
import software.amazon.awscdk.services.ecs.DeploymentAlarmConfig;
import software.amazon.awscdk.services.ecs.DeploymentCircuitBreaker;
import software.amazon.awscdk.services.ecs.FargateService;
import software.amazon.awscdk.services.ecs.LoadBalancerTargetOptions;
import software.amazon.awscdk.services.ecs.PropagatedTagSource;
import software.amazon.awscdk.services.ecs.RequestCountScalingProps;
import software.amazon.awscdk.services.elasticloadbalancingv2.HttpCodeElb;
import software.amazon.awscdk.services.elasticloadbalancingv2.HttpCodeTarget;
import software.amazon.awscdk.services.route53.ARecord;
import software.amazon.awscdk.services.route53.RecordTarget;
import software.amazon.awscdk.services.route53.targets.LoadBalancerTarget;
import software.constructs.Construct;

/// The service of a Region: its entrance, its tasks, and the two alarms that stop a deployment.
///
/// The Region always runs what the whole store needs ([ConfigRules] refuses less), so a failover needs no
/// scaling.
final class ServiceStack extends PlatformStack {
    /// The output with the stack's own ARN, which ends with what CloudFormation chooses.
    static final String STACK_ID = "StackId";

    /// At which part of what a task carries another one is started.
    private static final int TARGET_PERCENT = 70;

    final ServiceEdge edge;
    final FargateService service;
    /// Share of 5xx.
    final Alarm errors;
    /// 99th percentile.
    final Alarm latency;
    /// For Global Accelerator; else null.
    final String deepBalancerArn;

    ServiceStack(Construct scope, Config config, String region, NetworkStack network, SqlAddresses addresses) {
        super(scope, Part.SERVICE, config, region);
        var zone = zone();
        edge = new ServiceEdge(this, network, zone);
        errors = errors();
        latency = Threshold.LATENCY.alarm(
                this,
                edge.balancer.getMetrics().targetResponseTime(minute("p99")),
                "the slowest of a hundred requests take longer");
        var task = new ServiceTask(this, network, addresses);
        var group = NetworkStack.taskGroup(this, "TaskGroup", network.vpc, "tasks of the service");
        service = service(network, task, group);
        edge.target.addTarget(service.loadBalancerTarget(LoadBalancerTargetOptions.builder()
                .containerName(ServiceTask.CONTAINER)
                .containerPort(ServiceTask.PORT)
                .build()));
        group.getConnections().allowFrom(edge.balancer, Port.tcp(ServiceTask.MANAGEMENT_PORT), "readiness");
        for (var admins : config.edge().admins()) {
            group.addIngressRule(Peer.ipv4(admins), Port.tcp(ServiceTask.ADMIN_PORT), "administrators");
        }
        scale();
        deepBalancerArn = config.routing() == Config.Routing.GLOBAL_ACCELERATOR
                ? new DeepBalancer(this, network, edge).arn
                : null;
        if (config.options().resilienceHub()) output(STACK_ID, getStackId());
        ARecord.Builder.create(this, "Regional")
                .zone(zone)
                .recordName(names.host(region))
                .target(RecordTarget.fromAlias(new LoadBalancerTarget(edge.balancer)))
                .build();
    }

    private Alarm errors() {
        var metrics = edge.balancer.getMetrics();
        var share = MathExpression.Builder.create()
                .label("5xx, percent")
                .expression(
                        "IF(FILL(target, 0) + FILL(balancer, 0) > %d, 100 * (FILL(target, 0) + FILL(balancer, 0)) / requests, 0)"
                                .formatted(Threshold.ERRORS_IGNORED))
                .usingMetrics(sorted(Map.of(
                        "target",
                        edge.target.getMetrics().httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, minute("Sum")),
                        "balancer",
                        metrics.httpCodeElb(HttpCodeElb.ELB_5XX_COUNT, minute("Sum")),
                        "requests",
                        metrics.requestCount(minute("Sum")))))
                .period(Duration.minutes(1))
                .build();
        return Threshold.ERRORS.alarm(this, share, "too many answers are 5xx");
    }

    private static MetricOptions minute(String statistic) {
        return MetricOptions.builder()
                .statistic(statistic)
                .period(Duration.minutes(1))
                .build();
    }

    /// Without a desired number: the scaling's minimum sets it, and a deployment of the stack never
    /// lowers it.
    private FargateService service(NetworkStack network, ServiceTask task, SecurityGroup group) {
        return FargateService.Builder.create(this, "Service")
                .cluster(network.cluster)
                .serviceName(names.service())
                .taskDefinition(task.task)
                .minHealthyPercent(100)
                .maxHealthyPercent(Config.SURPLUS_PERCENT)
                .vpcSubnets(NetworkStack.in(NetworkStack.APP))
                .securityGroups(List.of(group))
                .assignPublicIp(false)
                .circuitBreaker(DeploymentCircuitBreaker.builder()
                        .enable(true)
                        .rollback(true)
                        .build())
                .deploymentAlarms(DeploymentAlarmConfig.builder()
                        .alarmNames(List.of(errors.getAlarmName(), latency.getAlarmName()))
                        .behavior(AlarmBehavior.ROLLBACK_ON_ALARM)
                        .build())
                .availabilityZoneRebalancing(AvailabilityZoneRebalancing.ENABLED)
                .healthCheckGracePeriod(Duration.seconds(30))
                .enableExecuteCommand(false)
                .propagateTags(PropagatedTagSource.SERVICE)
                .build();
    }

    private void scale() {
        var tasks = site().tasks();
        var scaling = service.autoScaleTaskCount(EnableScalingProps.builder()
                .minCapacity(tasks.min())
                .maxCapacity(tasks.max())
                .build());
        scaling.scaleOnRequestCount(
                "Requests",
                RequestCountScalingProps.builder()
                        .targetGroup(edge.target)
                        .requestsPerTarget(config.load().perTask() * 60 * TARGET_PERCENT / 100)
                        .scaleInCooldown(Duration.minutes(5))
                        .scaleOutCooldown(Duration.seconds(30))
                        .build());
        scaling.scaleOnCpuUtilization(
                "Cpu",
                CpuUtilizationScalingProps.builder()
                        .targetUtilizationPercent(45)
                        .scaleInCooldown(Duration.minutes(5))
                        .scaleOutCooldown(Duration.seconds(30))
                        .build());
    }
}
