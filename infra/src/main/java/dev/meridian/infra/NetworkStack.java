package dev.meridian.infra;

import dev.meridian.infra.Config.Nat;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.ec2.FlowLogDestination;
import software.amazon.awscdk.services.ec2.FlowLogOptions;
import software.amazon.awscdk.services.ec2.FlowLogTrafficType;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointOptions;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.InterfaceVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.InterfaceVpcEndpointOptions;
import software.amazon.awscdk.services.ec2.IpAddresses;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SubnetConfiguration;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ecs.Cluster;
import software.amazon.awscdk.services.ecs.ContainerInsights;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/// The network of a Region: in each zone a subnet for the load balancer, one for tasks, and one for
/// PostgreSQL, which has no way to the internet. And the ECS cluster, which `migrate` needs before there
/// is a service.
final class NetworkStack extends PlatformStack {
    static final String EDGE = "edge";
    static final String APP = "app";
    static final String DATA = "data";
    /// The description of the group of such tasks.
    static final String JOBS = "tasks that run once";

    final Vpc vpc;
    final Cluster cluster;
    /// What all tasks of the Region log.
    final LogGroup logs;
    /// Of tasks that nobody calls: migrate, reconcile, load.
    final SecurityGroup jobs;

    NetworkStack(Construct scope, Config config, String region) {
        super(scope, Part.NETWORK, config, region);
        vpc = vpc();
        endpoints();
        cluster = Cluster.Builder.create(this, "Cluster")
                .clusterName(names.service())
                .vpc(vpc)
                .containerInsightsV2(ContainerInsights.ENABLED)
                .build();
        logs = LogGroup.Builder.create(this, "ServiceLogs")
                .logGroupName(names.serviceLogs())
                .retention(RetentionDays.ONE_MONTH)
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        jobs = taskGroup(this, "Jobs", vpc, JOBS);
    }

    private Vpc vpc() {
        var rejected = LogGroup.Builder.create(this, "FlowLogs")
                .retention(RetentionDays.ONE_MONTH)
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        return Vpc.Builder.create(this, "Vpc")
                .ipAddresses(IpAddresses.cidr(site().cidr()))
                .availabilityZones(getAvailabilityZones())
                .natGateways(
                        config.egress().nat() == Nat.ONE ? 1 : site().zones().size())
                // Nothing uses it; emptying it takes a Lambda function.
                .restrictDefaultSecurityGroup(false)
                .subnetConfiguration(List.of(
                        subnets(EDGE, SubnetType.PUBLIC, 24),
                        subnets(APP, SubnetType.PRIVATE_WITH_EGRESS, 21),
                        subnets(DATA, SubnetType.PRIVATE_ISOLATED, 24)))
                .gatewayEndpoints(sorted(Map.of(
                        "Dynamo", gateway(GatewayVpcEndpointAwsService.DYNAMODB),
                        "S3", gateway(GatewayVpcEndpointAwsService.S3))))
                .flowLogs(Map.of(
                        "Rejected",
                        FlowLogOptions.builder()
                                .trafficType(FlowLogTrafficType.REJECT)
                                .destination(FlowLogDestination.toCloudWatchLogs(rejected))
                                .build()))
                .build();
    }

    private static SubnetConfiguration subnets(String name, SubnetType type, int mask) {
        var subnets = SubnetConfiguration.builder().name(name).subnetType(type).cidrMask(mask);
        return type == SubnetType.PUBLIC ? subnets.mapPublicIpOnLaunch(false).build() : subnets.build();
    }

    private static GatewayVpcEndpointOptions gateway(GatewayVpcEndpointAwsService service) {
        return GatewayVpcEndpointOptions.builder().service(service).build();
    }

    private static Map<String, InterfaceVpcEndpointAwsService> services(Config.Endpoint endpoint) {
        return switch (endpoint) {
            case ECR ->
                sorted(Map.of(
                        "Ecr",
                        InterfaceVpcEndpointAwsService.ECR,
                        "EcrDocker",
                        InterfaceVpcEndpointAwsService.ECR_DOCKER));
            case LOGS -> Map.of("Logs", InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS);
            case SECRETSMANAGER -> Map.of("Secrets", InterfaceVpcEndpointAwsService.SECRETS_MANAGER);
            case STS -> Map.of("Sts", InterfaceVpcEndpointAwsService.STS);
            case XRAY -> Map.of("Xray", InterfaceVpcEndpointAwsService.XRAY);
        };
    }

    private void endpoints() {
        if (config.egress().endpoints().isEmpty()) return;
        var group = SecurityGroup.Builder.create(this, "Endpoints")
                .vpc(vpc)
                .allowAllOutbound(false)
                .description("interface endpoints")
                .build();
        group.addIngressRule(Peer.ipv4(site().cidr()), Port.tcp(443), "tasks");
        for (var endpoint : config.egress().endpoints()) {
            services(endpoint)
                    .forEach((id, service) -> vpc.addInterfaceEndpoint(
                            id,
                            InterfaceVpcEndpointOptions.builder()
                                    .service(service)
                                    .privateDnsEnabled(true)
                                    .open(false)
                                    .securityGroups(List.of(group))
                                    .subnets(in(APP))
                                    .build()));
        }
    }

    /// What tasks may call: PostgreSQL of each Region, and port 443, which AWS has for everything else.
    static SecurityGroup taskGroup(PlatformStack stack, String id, IVpc vpc, String what) {
        var group = SecurityGroup.Builder.create(stack, id)
                .vpc(vpc)
                .allowAllOutbound(false)
                .description(what)
                .build();
        group.addEgressRule(Peer.anyIpv4(), Port.tcp(443), "AWS");
        for (var site : stack.config.regions()) {
            group.addEgressRule(Peer.ipv4(site.cidr()), Port.tcp(5432), "PostgreSQL in " + site.region());
        }
        return group;
    }

    static SubnetSelection in(String group) {
        return SubnetSelection.builder().subnetGroupName(group).build();
    }

    /// The ids of the subnets of a group.
    List<String> subnetIds(String group) {
        return vpc.selectSubnets(in(group)).getSubnetIds();
    }
}
