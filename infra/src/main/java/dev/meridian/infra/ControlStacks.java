package dev.meridian.infra;

import dev.meridian.infra.Config.Control;
import java.util.List;
import software.constructs.Construct;

/// The stack of the configured control; none with health checks alone.
///
/// @param stacks none or one
/// @param controls the routing controls, or null
record ControlStacks(List<PlatformStack> stacks, RoutingControlsStack controls) {
    static ControlStacks make(Construct app, Config config) {
        if (config.control() == Control.ARC_ROUTING_CONTROL) {
            var controls = new RoutingControlsStack(app, config);
            return new ControlStacks(List.of(controls), controls);
        }
        return config.control() == Control.ARC_REGION_SWITCH
                ? new ControlStacks(List.of(new RegionSwitchStack(app, config)), null)
                : new ControlStacks(List.of(), null);
    }

    /// The ARN of a Region's routing control, or null.
    String routingControl(String region) {
        return controls == null ? null : controls.arn(region);
    }
}
