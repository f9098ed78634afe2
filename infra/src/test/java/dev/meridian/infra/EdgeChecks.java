package dev.meridian.infra;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.function.Consumer;

/// The load balancer: TLS, logs, a firewall, and what the world may not call.
final class EdgeChecks {
    static final String BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer";
    static final String LISTENER = "AWS::ElasticLoadBalancingV2::Listener";
    static final String RULE = "AWS::ElasticLoadBalancingV2::ListenerRule";

    private EdgeChecks() {}

    static void look(Synthesis synthesis, Consumer<Finding> found) {
        var guarded = new HashSet<String>();
        synthesis.resources("AWS::WAFv2::WebACLAssociation").forEach(association -> {
            var balancer = synthesis.referred(association.stack(), association.at("ResourceArn"));
            if (balancer != null) guarded.add(balancer.toString());
        });
        synthesis.resources(BALANCER).forEach(balancer -> {
            var attributes = attributes(balancer);
            expect(balancer, attributes, "deletion_protection.enabled", "true", found);
            // One of TCP stands before one of HTTP, which has the rest.
            if (balancer.text("Type").equals("network")) return;
            if (!guarded.contains(balancer.toString())) found.accept(balancer.finding("firewall", "has no firewall"));
            expect(balancer, attributes, "routing.http.drop_invalid_header_fields.enabled", "true", found);
            expect(balancer, attributes, "routing.http.desync_mitigation_mode", "strictest", found);
            expect(balancer, attributes, "access_logs.s3.enabled", "true", found);
            int idle = Integer.parseInt(attributes.getOrDefault("idle_timeout.timeout_seconds", "60"));
            // The service closes a silent connection after 75 s; the load balancer must be first.
            if (idle >= 75) found.accept(balancer.finding("idle", "keeps connections longer than the service"));
        });
        synthesis
                .resources(LISTENER)
                .filter(listener -> !listener.text("Protocol").equals("TCP"))
                .forEach(listener -> listener(listener, found));
        synthesis.resources("AWS::WAFv2::WebACL").forEach(acl -> {
            if (acl.properties().findValues("RateBasedStatement").isEmpty())
                found.accept(acl.finding("firewall", "limits no rate"));
            if (acl.properties().findValues("ManagedRuleGroupStatement").isEmpty()) {
                found.accept(acl.finding("firewall", "has no managed rules"));
            }
        });
    }

    private static Map<String, String> attributes(Resource balancer) {
        var all = new HashMap<String, String>();
        balancer.at("LoadBalancerAttributes")
                .forEach(attribute -> all.put(
                        attribute.path("Key").asText(),
                        Resource.text(attribute.path("Value"), balancer.stack().region())));
        return all;
    }

    private static void expect(
            Resource balancer, Map<String, String> attributes, String name, String value, Consumer<Finding> found) {
        if (!value.equals(attributes.get(name)))
            found.accept(balancer.finding("balancer", name + " is " + attributes.get(name)));
    }

    private static void listener(Resource listener, Consumer<Finding> found) {
        var protocol = listener.text("Protocol");
        if (protocol.equals("HTTPS")) {
            if (!listener.text("SslPolicy").startsWith("ELBSecurityPolicy-TLS13-")) {
                found.accept(listener.finding("tls", "the policy is " + listener.text("SslPolicy")));
            }
            if (listener.at("Certificates").isEmpty()) found.accept(listener.finding("tls", "has no certificate"));
        } else if (!listener.text("DefaultActions.0.Type").equals("redirect")
                || !listener.text("DefaultActions.0.RedirectConfig.Protocol").equals("HTTPS")) {
            found.accept(listener.finding("tls", "answers without TLS"));
        }
    }
}
