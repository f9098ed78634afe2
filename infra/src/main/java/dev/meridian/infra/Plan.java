package dev.meridian.infra;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a first deployment does, in order: stages of stacks, and between them what a person does.
///
/// @param before what a person does once, before the first stack
/// @param stages in order
/// @param minutes of all stages, as a guide
record Plan(List<String> before, List<Stage> stages, int minutes) {
    /// Stacks that are deployed together.
    ///
    /// @param number counted from 1; stages without stacks are left out
    /// @param stacks the ids
    /// @param minutes how long, the slowest first if they run at the same time
    /// @param then what a person does afterwards
    /// @param lasting what cannot be undone
    record Stage(int number, List<String> stacks, int minutes, List<String> then, List<String> lasting) {}

    static Plan of(Config config, List<Step> steps) {
        var byStage = new LinkedHashMap<Integer, List<Step>>();
        steps.forEach(step -> byStage.computeIfAbsent(step.part().stage(), _ -> new ArrayList<>())
                .add(step));
        var stages = new ArrayList<Stage>();
        byStage.values().forEach(all -> stages.add(stage(config, stages.size() + 1, all)));
        return new Plan(
                before(config, steps),
                stages,
                stages.stream().mapToInt(Stage::minutes).sum());
    }

    private static List<String> before(Config config, List<Step> steps) {
        var regions = steps.stream().map(Step::region).distinct().sorted().toList();
        return List.of(
                "Bootstrap CDK in each Region that gets a stack: " + String.join(", ", regions) + ".",
                "See that the hosted zone " + config.zone().id() + " answers for "
                        + config.zone().name() + ": it proves the certificates.");
    }

    private static Stage stage(Config config, int number, List<Step> steps) {
        var minutes = new LinkedHashMap<Part, Integer>();
        for (var step : steps) {
            minutes.merge(step.part(), step.part().minutes(), step.part().sequential() ? Integer::sum : Math::max);
        }
        var parts = List.copyOf(minutes.keySet());
        return new Stage(
                number,
                steps.stream().map(Step::stack).toList(),
                minutes.values().stream().mapToInt(Integer::intValue).max().orElse(0),
                parts.stream().flatMap(part -> then(config, part).stream()).toList(),
                parts.stream()
                        .filter(part -> !part.lasting().isEmpty())
                        .map(part -> part.id() + ": " + part.lasting())
                        .toList());
    }

    private static List<String> then(Config config, Part part) {
        var names = new Names(config);
        return switch (part) {
            case IMAGES ->
                List.of("Push the image to the registry of " + config.home().region()
                        + ", and write its digest to the parameter " + names.imageParameter() + " of each Region.");
            case SECRETS ->
                List.of("Put the first administrator into " + names.secret(SecretsStack.ADMIN_TOKENS) + ".");
            case MIGRATE ->
                config.sql().login() == Config.Login.IAM
                        ? List.of("Run the task " + config.name() + "-migrate; it must end with 0.")
                        : List.of("Run the tasks " + config.name() + "-migrate and " + config.name()
                                + "-migrate-auditor; each must end with 0.");
            case SERVICE ->
                List.of("Wait until https://REGION." + config.zone().name()
                        + "/health answers 200, Region by Region, before the next one is deployed.");
            case CONTROL ->
                config.control() == Config.Control.ARC_REGION_SWITCH
                                && config.planChecks().isEmpty()
                        ? List.of(
                                "Read the plan's health checks, write them into planChecks, and deploy the routing stacks.")
                        : List.of("Save the endpoints and ARNs of the outputs where they are found without AWS.");
            case WATCH -> List.of("Confirm the subscriptions that came by e-mail.");
            case RELEASE -> List.of("Accept the connection to GitHub in the console: nothing else can.");
            default -> List.of();
        };
    }

    /// As JSON has it.
    Map<String, Object> toMap() {
        return PlatformStack.map(
                "before",
                before,
                "minutes",
                minutes,
                "stages",
                stages.stream()
                        .map(stage -> PlatformStack.map(
                                "stage", stage.number(),
                                "stacks", stage.stacks(),
                                "minutes", stage.minutes(),
                                "then", stage.then(),
                                "lasting", stage.lasting()))
                        .toList());
    }
}
