package dev.meridian.infra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.infra.Config.Control;
import dev.meridian.infra.Config.Routing;
import dev.meridian.infra.RoutingModel.State;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Who gets the traffic, for every subset of lost, drained, failing and switched-off Regions, by a model of Route 53,
/// ARC and Global Accelerator that reads the templates.
class RoutingTest {
    static Stream<String> configurations() {
        return Syntheses.five().stream().map(Synthesis::name);
    }

    /// A case: what is wrong, and who answered which client.
    private record Case(State state, List<String> near, Set<String> answers) {}

    @ParameterizedTest
    @MethodSource("configurations")
    void whileARegionIsFitOnlyFitRegionsAnswer(String name) {
        assertNone(
                name,
                (state, each) -> anyFit(name, state) && !each.answers().stream().allMatch(state::fit));
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void noFitRegionIsLeftWithoutTraffic(String name) {
        var config = Syntheses.config(name);
        var idle = new ArrayList<State>();
        for (var state : states(name)) {
            var served = new TreeSet<String>();
            for (var near : Permutations.of(config.regionNames()))
                served.addAll(model(name).answer(state, near));
            var unserved = config.regionNames().stream()
                    .filter(state::fit)
                    .filter(region -> takesPart(config, state, region))
                    .filter(region -> !served.contains(region))
                    .toList();
            if (!unserved.isEmpty()) idle.add(state);
        }
        assertEquals(List.of(), idle);
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void noLostRegionAnswersWhileAnotherLives(String name) {
        var regions = Syntheses.config(name).regionNames();
        assertNone(
                name,
                (state, each) -> regions.stream().anyMatch(state::lives)
                        && !each.answers().stream().allMatch(state::lives));
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void aLatencyClientGetsTheNearestFitRegion(String name) {
        var config = Syntheses.config(name);
        if (config.routing() != Routing.LATENCY && config.routing() != Routing.GLOBAL_ACCELERATOR) return;
        assertNone(
                name,
                (state, each) -> each.near().stream()
                        .filter(state::fit)
                        .findFirst()
                        .map(nearest -> !each.answers().equals(Set.of(nearest)))
                        .orElse(false));
    }

    /// The accelerator alone would send to the nearest Region, which is dead here: its record is left out then.
    @Test
    void theAcceleratorIsLeftOutWhenNoRegionIsHealthy() {
        var regions = Syntheses.of("accelerator").regions();
        var state = new State(Set.of(regions.getFirst()), Set.of(regions.getLast()), Set.of(), Set.of());
        assertEquals(Set.of(regions.getLast()), model("accelerator").answer(state, regions));
    }

    @Test
    void withAllRegionsFitEachAnswersAsItsRoutingSays() {
        var none = Set.<String>of();
        var calm = new State(none, none, none, none);
        assertEquals(Set.of("us-east-1"), model("default").answer(calm, List.of("us-east-1", "eu-west-1")));
        assertEquals(Set.of("eu-west-1"), model("failover").answer(calm, List.of("eu-central-1", "eu-west-1")));
        assertEquals(
                Set.of("eu-west-1", "eu-central-1"),
                model("three").answer(calm, List.of("eu-west-3", "eu-central-1", "eu-west-1")));
        assertEquals(Set.of("us-east-1"), model("accelerator").answer(calm, List.of("us-east-1", "eu-west-1")));
    }

    /// A model that finds nothing wrong with wrong templates proves nothing.
    @Test
    void theModelSeesWhatIsWrong() {
        var synthesis = Syntheses.of("default");
        var blind = new Plant(
                "blind",
                true,
                RecordChecks.RECORD,
                record -> !record.text("Region").isEmpty(),
                edit -> {
                    edit.remove("HealthCheckId");
                    edit.set("AliasTarget.EvaluateTargetHealth", false);
                });
        var model = new RoutingModel(
                blind.in(synthesis), Syntheses.config("default").zone().name(), java.util.Map.of());
        var home = synthesis.home();
        var lost = new State(Set.of(home), Set.of(), Set.of(), Set.of());
        assertEquals(Set.of(home), model.answer(lost, synthesis.regions()), "sent to a dead Region");
    }

    private static boolean anyFit(String name, State state) {
        return Syntheses.config(name).regionNames().stream().anyMatch(state::fit);
    }

    /// Whether the routing means the Region to serve somebody in this state.
    private static boolean takesPart(Config config, State state, String region) {
        return switch (config.routing()) {
            case LATENCY, GLOBAL_ACCELERATOR -> true;
            case FAILOVER ->
                region.equals(config.home().region())
                        || !state.fit(config.home().region());
            case WEIGHTED ->
                config.region(region).orElseThrow().weight() > 0
                        || config.regions().stream()
                                .noneMatch(other -> other.weight() > 0 && state.fit(other.region()));
        };
    }

    private static RoutingModel model(String name) {
        var config = Syntheses.config(name);
        return new RoutingModel(Syntheses.of(name), config.zone().name(), config.planChecks());
    }

    /// Every state that can be: routing controls cannot all be off, a safety rule refuses that; nor does a plan take
    /// the last Region out.
    private static List<State> states(String name) {
        var config = Syntheses.config(name);
        var regions = config.regionNames();
        var subsets = Permutations.subsets(regions);
        var states = new ArrayList<State>();
        for (var lost : subsets) {
            for (var drained : subsets) {
                for (var failing : subsets) {
                    for (var off : subsets) {
                        boolean controls = config.control() != Control.HEALTH_CHECK;
                        if (off.isEmpty() || controls && off.size() < regions.size()) {
                            states.add(new State(lost, drained, failing, off));
                        }
                    }
                }
            }
        }
        return states;
    }

    private static void assertNone(String name, BiPredicate<State, Case> wrong) {
        var model = model(name);
        var wrongs = new ArrayList<Case>();
        int cases = 0;
        var answered = new HashSet<Set<String>>();
        for (var state : states(name)) {
            for (var near : Permutations.of(Syntheses.config(name).regionNames())) {
                var answers = model.answer(state, near);
                assertTrue(!answers.isEmpty(), () -> "nobody answers in " + state);
                var each = new Case(state, near, answers);
                answered.add(answers);
                cases++;
                if (wrong.test(state, each)) wrongs.add(each);
            }
        }
        System.out.printf("%s: %d cases, %d different answers%n", name, cases, answered.size());
        assertEquals(List.of(), wrongs.stream().limit(5).toList(), wrongs.size() + " of " + cases);
    }
}
