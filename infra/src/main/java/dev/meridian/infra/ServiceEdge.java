package dev.meridian.infra;

import static dev.meridian.infra.PlatformStack.map;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.certificatemanager.Certificate;
import software.amazon.awscdk.services.certificatemanager.CertificateValidation;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.elasticloadbalancingv2.AddApplicationActionProps;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationListener;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationLoadBalancer;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationProtocol;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationTargetGroup;
import software.amazon.awscdk.services.elasticloadbalancingv2.BaseApplicationListenerProps;
import software.amazon.awscdk.services.elasticloadbalancingv2.DesyncMitigationMode;
import software.amazon.awscdk.services.elasticloadbalancingv2.FixedResponseOptions;
import software.amazon.awscdk.services.elasticloadbalancingv2.HealthCheck;
import software.amazon.awscdk.services.elasticloadbalancingv2.ListenerAction;
import software.amazon.awscdk.services.elasticloadbalancingv2.ListenerCertificate;
import software.amazon.awscdk.services.elasticloadbalancingv2.ListenerCondition;
import software.amazon.awscdk.services.elasticloadbalancingv2.SslPolicy;
import software.amazon.awscdk.services.elasticloadbalancingv2.TargetGroupLoadBalancingAlgorithmType;
import software.amazon.awscdk.services.elasticloadbalancingv2.TargetType;
import software.amazon.awscdk.services.route53.IHostedZone;

/// The entrance of a Region: a load balancer that speaks TLS, behind a web ACL. From outside nobody reaches
/// `/admin`, which the port behind it does not have either, nor `/q`, but `/q/openapi`.
final class ServiceEdge {
    /// Below what the service keeps a silent connection (`quarkus.http.idle-timeout`).
    static final int IDLE_SECONDS = 60;

    private static final int LOGS_KEPT_DAYS = 30;

    private static final List<String> ADMIN = List.of("/admin*");
    private static final List<String> MANAGEMENT = List.of("/q", "/q/*");
    private static final List<String> API = List.of("/q/openapi", "/q/openapi/*");
    private static final String REFUSED = """
            {"type":"about:blank","title":"Forbidden","status":403}""";

    private final PlatformStack stack;
    final ApplicationLoadBalancer balancer;
    final ApplicationTargetGroup target;
    final Certificate certificate;
    final ApplicationListener https;

    ServiceEdge(PlatformStack stack, NetworkStack network, IHostedZone zone) {
        this.stack = stack;
        certificate = Certificate.Builder.create(stack, "Certificate")
                .domainName(stack.config.zone().name())
                .subjectAlternativeNames(List.of(stack.names.host(stack.region)))
                .validation(CertificateValidation.fromDns(zone))
                .build();
        var group = SecurityGroup.Builder.create(stack, "BalancerGroup")
                .vpc(network.vpc)
                .allowAllOutbound(false)
                .description("load balancer")
                .build();
        group.addIngressRule(Peer.anyIpv4(), Port.tcp(443), "customers");
        balancer = ApplicationLoadBalancer.Builder.create(stack, "Balancer")
                .loadBalancerName(stack.names.service())
                .vpc(network.vpc)
                .internetFacing(true)
                .vpcSubnets(NetworkStack.in(NetworkStack.EDGE))
                .securityGroup(group)
                .dropInvalidHeaderFields(true)
                .desyncMitigationMode(DesyncMitigationMode.STRICTEST)
                .idleTimeout(Duration.seconds(IDLE_SECONDS))
                .clientKeepAlive(Duration.minutes(5))
                .deletionProtection(true)
                .http2Enabled(true)
                .build();
        balancer.setAttribute("zonal_shift.config.enabled", "true");
        balancer.logAccessLogs(stack.bucket("AccessLogs", LOGS_KEPT_DAYS));
        target = target(network);
        https = https();
        webAcl();
    }

    /// A task that is not ready gets no requests. ECS replaces it, so this must be about the task alone:
    /// what is said of the Region is `/health`, which Route 53 asks for.
    private ApplicationTargetGroup target(NetworkStack network) {
        return ApplicationTargetGroup.Builder.create(stack, "Target")
                .vpc(network.vpc)
                .port(ServiceTask.PORT)
                .protocol(ApplicationProtocol.HTTP)
                .targetType(TargetType.IP)
                .deregistrationDelay(Duration.seconds(15))
                .loadBalancingAlgorithmType(TargetGroupLoadBalancingAlgorithmType.LEAST_OUTSTANDING_REQUESTS)
                .healthCheck(HealthCheck.builder()
                        .path("/q/health/ready")
                        .port(String.valueOf(ServiceTask.MANAGEMENT_PORT))
                        .healthyHttpCodes("200")
                        .interval(Duration.seconds(5))
                        .timeout(Duration.seconds(2))
                        .healthyThresholdCount(2)
                        .unhealthyThresholdCount(2)
                        .build())
                .build();
    }

    private ApplicationListener https() {
        balancer.addRedirect();
        var listener = balancer.addListener(
                "Https",
                BaseApplicationListenerProps.builder()
                        .port(443)
                        .open(false)
                        .certificates(List.of(ListenerCertificate.fromCertificateManager(certificate)))
                        .sslPolicy(SslPolicy.RECOMMENDED_TLS)
                        .defaultAction(forward())
                        .build());
        rule(listener, "Api", 10, forward(), ListenerCondition.pathPatterns(API));
        rule(listener, "NoAdmin", 30, refuse(), ListenerCondition.pathPatterns(ADMIN));
        rule(listener, "NoManagement", 40, refuse(), ListenerCondition.pathPatterns(MANAGEMENT));
        return listener;
    }

    private ListenerAction forward() {
        return ListenerAction.forward(List.of(target));
    }

    private static ListenerAction refuse() {
        return ListenerAction.fixedResponse(
                403,
                FixedResponseOptions.builder()
                        .contentType("application/json")
                        .messageBody(REFUSED)
                        .build());
    }

    private static void rule(
            ApplicationListener listener,
            String id,
            int priority,
            ListenerAction action,
            ListenerCondition... conditions) {
        listener.addAction(
                id,
                AddApplicationActionProps.builder()
                        .priority(priority)
                        .conditions(List.of(conditions))
                        .action(action)
                        .build());
    }

    /// Managed rules, a rate for each address, and `/admin` once more: here the path is decoded and
    /// normalized first.
    private void webAcl() {
        var rules = new ArrayList<Map<String, Object>>();
        rules.add(managed(0, "AWSManagedRulesAmazonIpReputationList"));
        rules.add(managed(1, "AWSManagedRulesKnownBadInputsRuleSet"));
        // Bodies of the API and imports are longer than 8 KB; the service has its own limits.
        rules.add(managed(2, "AWSManagedRulesCommonRuleSet", "SizeRestrictions_BODY"));
        rules.add(rule(
                3,
                "rate",
                map(
                        "RateBasedStatement",
                        map(
                                "Limit",
                                stack.config.edge().rate(),
                                "AggregateKeyType",
                                "IP",
                                "EvaluationWindowSec",
                                300))));
        rules.add(rule(4, "admin", adminStatement()));
        var acl = stack.resource(
                "WebAcl",
                "AWS::WAFv2::WebACL",
                map(
                        "Name", stack.names.service(),
                        "Scope", "REGIONAL",
                        "DefaultAction", Map.of("Allow", Map.of()),
                        "VisibilityConfig", visible("web-acl"),
                        "Rules", rules,
                        "Tags", stack.serviceTags()));
        stack.resource(
                "WebAclAssociation",
                "AWS::WAFv2::WebACLAssociation",
                map(
                        "ResourceArn", balancer.getLoadBalancerArn(),
                        "WebACLArn", acl.getAtt("Arn").toString()));
    }

    private static Map<String, Object> adminStatement() {
        return map(
                "ByteMatchStatement",
                map(
                        "SearchString",
                        "/admin",
                        "PositionalConstraint",
                        "STARTS_WITH",
                        "FieldToMatch",
                        Map.of("UriPath", Map.of()),
                        "TextTransformations",
                        List.of(
                                map("Priority", 0, "Type", "URL_DECODE"),
                                map("Priority", 1, "Type", "NORMALIZE_PATH"),
                                map("Priority", 2, "Type", "LOWERCASE"))));
    }

    private static Map<String, Object> managed(int priority, String name, String... onlyCounted) {
        var counted = List.of(onlyCounted).stream()
                .map(rule -> map("Name", rule, "ActionToUse", Map.of("Count", Map.of())))
                .toList();
        return map(
                "Name", name,
                "Priority", priority,
                "OverrideAction", Map.of("None", Map.of()),
                "VisibilityConfig", visible(name),
                "Statement",
                        map(
                                "ManagedRuleGroupStatement",
                                map(
                                        "VendorName",
                                        "AWS",
                                        "Name",
                                        name,
                                        "RuleActionOverrides",
                                        counted.isEmpty() ? null : counted)));
    }

    private static Map<String, Object> rule(int priority, String name, Map<String, Object> statement) {
        return map(
                "Name", name,
                "Priority", priority,
                "Action", Map.of("Block", Map.of()),
                "VisibilityConfig", visible(name),
                "Statement", statement);
    }

    private static Map<String, Object> visible(String name) {
        return map("MetricName", name, "SampledRequestsEnabled", true, "CloudWatchMetricsEnabled", true);
    }
}
