package dev.meridian.infra;

import java.util.Comparator;
import java.util.List;

/// One stack within a deployment.
///
/// @param stack its id, `service-eu-west-1`
/// @param part what it is
/// @param region where it is
/// @param needs the ids of the stacks that come before it
public record Step(String stack, Part part, String region, List<String> needs) {
    static final Comparator<Step> ORDER = Comparator.comparing(
                    (Step step) -> step.part().stage())
            .thenComparing(step -> step.part().ordinal());

    /// Keeps a copy.
    public Step {
        needs = List.copyOf(needs);
    }
}
