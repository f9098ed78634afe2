package dev.meridian.infra;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.Token;
import software.constructs.Construct;

/// A routing control for each Region, of which one at least stays on. They are switched through five
/// endpoints in five Regions, which the outputs have: save them before they are needed.
final class RoutingControlsStack extends PlatformStack {
    /// Where the API that makes them is. The one that switches them is everywhere.
    private static final String REGION = "us-west-2";

    private final Map<String, String> arns = new LinkedHashMap<>();

    RoutingControlsStack(Construct scope, Config config) {
        super(scope, Part.CONTROL, config, REGION);
        var cluster = resource(
                "Cluster",
                "AWS::Route53RecoveryControl::Cluster",
                map("Name", config.name(), "NetworkType", "IPV4", "Tags", serviceTags()));
        var clusterArn = cluster.getAtt("ClusterArn").toString();
        var panelArn = resource(
                        "Panel",
                        "AWS::Route53RecoveryControl::ControlPanel",
                        map("Name", config.name(), "ClusterArn", clusterArn, "Tags", serviceTags()))
                .getAtt("ControlPanelArn")
                .toString();
        for (var name : config.regionNames()) {
            var control = resource(
                    "Serve-" + name,
                    "AWS::Route53RecoveryControl::RoutingControl",
                    map("Name", "serve-" + name, "ClusterArn", clusterArn, "ControlPanelArn", panelArn));
            arns.put(name, control.getAtt("RoutingControlArn").toString());
        }
        resource(
                "OneServes",
                "AWS::Route53RecoveryControl::SafetyRule",
                map(
                        "Name",
                        "one-region-serves",
                        "ControlPanelArn",
                        panelArn,
                        "RuleConfig",
                        map("Type", "ATLEAST", "Threshold", 1, "Inverted", false),
                        "AssertionRule",
                        map("AssertedControls", List.copyOf(arns.values()), "WaitPeriodMs", 5_000)));
        arns.forEach((name, arn) -> output("Control-" + name, arn));
        output("Endpoints", Fn.join(",", Token.asList(cluster.getAtt("ClusterEndpoints"))));
    }

    String arn(String region) {
        return arns.get(region);
    }
}
