package dev.meridian.infra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The order in which stacks are deployed, and what a change of the configuration takes away.
class OrderTest {
    static Stream<String> configurations() {
        return Syntheses.five().stream().map(Synthesis::name);
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void aStackNeedsOnlyEarlierParts(String name) {
        var wrong = new ArrayList<String>();
        for (var stack : Syntheses.of(name).stacks()) {
            for (var needed : stack.dependencies()) {
                var own = part(stack.id());
                var other = part(needed);
                boolean one = own == other || own.stage() == other.stage() && own.ordinal() > other.ordinal();
                if (other.stage() >= own.stage() && !one) wrong.add(stack.id() + " needs " + needed);
            }
        }
        assertEquals(List.of(), wrong);
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void noStackNeedsItself(String name) {
        var synthesis = Syntheses.of(name);
        for (var stack : synthesis.stacks()) {
            assertFalse(needs(synthesis, stack.id(), stack.id(), new HashSet<>()), stack.id());
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void regionsAreDeployedOneAfterTheOther(String name) {
        var synthesis = Syntheses.of(name);
        var regions = synthesis.regions();
        for (var part : Part.values()) {
            if (!part.sequential()) continue;
            for (int i = 1; i < regions.size(); i++) {
                var before = Names.id(part, regions.getFirst());
                var after = Names.id(part, regions.get(i));
                boolean both = Stream.of(before, after).allMatch(id -> has(synthesis, id));
                if (both) assertTrue(needs(synthesis, after, before, new HashSet<>()), after + " before " + before);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void theServiceComesAfterItsSchemaAndItsTables(String name) {
        var synthesis = Syntheses.of(name);
        for (var region : synthesis.regions()) {
            for (var part : List.of(Part.TABLES, Part.SECRETS, Part.MIGRATE)) {
                assertTrue(
                        needs(synthesis, "service-" + region, Names.id(part, synthesis.home()), new HashSet<>()),
                        region + " waits for " + part.id());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void stacksWithDataAreProtected(String name) {
        for (var stack : Syntheses.of(name).stacks()) {
            boolean data = stack.resources().anyMatch(Stateful::holdsData);
            assertEquals(part(stack.id()).holdsData(), stack.protection(), stack.id());
            if (data) assertTrue(stack.protection(), stack.id() + " holds data and can be deleted");
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void whatHoldsDataStaysWhenItsStackGoes(String name) {
        var lost = new TreeSet<String>();
        Syntheses.of(name).resources().filter(Stateful::holdsData).forEach(resource -> {
            for (var policy : List.of("DeletionPolicy", "UpdateReplacePolicy")) {
                if (!resource.json().path(policy).asText().equals("Retain")) lost.add(resource + " " + policy);
            }
        });
        assertEquals(Set.of(), lost);
    }

    /// A Region that is taken out of the configuration takes nothing of the others along.
    @Test
    void withoutTheLastRegionNothingProtectedIsDeleted() {
        var before = Syntheses.of("three");
        var config = Config.parse(Configurations.with("""
                regions:
                  - {region: eu-west-1, cidr: 10.10.0.0/16, zones: [a, b, c], weight: 100, tasks: {min: 3, max: 9}}
                  - {region: eu-central-1, cidr: 10.20.0.0/16, zones: [a, b, c], weight: 50, tasks: {min: 3, max: 9}}
                observer: us-east-1
                routing: weighted
                control: arc-routing-control
                sql: {storage: iopt1}
                architecture: arm
                egress: {nat: per-zone, endpoints: [ecr, logs, secretsmanager, sts, xray]}
                edge: {admins: [10.200.0.0/24]}
                """));
        var after = Syntheses.synthesize("fewer", config, Path.of("target/fewer"));
        var gone = "eu-west-3";
        var deleted = new ArrayList<String>();
        for (var stack : before.stacks()) {
            if (has(after, stack.id())) {
                var kept = after.stack(stack.id());
                stack.resources()
                        .filter(Stateful::holdsData)
                        .filter(resource -> !kept.template().path("Resources").has(resource.id()))
                        .forEach(resource -> deleted.add(resource.toString()));
            } else if (!stack.id().endsWith(gone)) {
                boolean empty = stack.resources().noneMatch(Stateful::holdsData);
                if (!empty) deleted.add(stack.id());
            } else if (stack.resources().anyMatch(Stateful::holdsData)) {
                assertTrue(stack.protection(), stack.id() + " goes without a question");
            }
        }
        assertEquals(List.of(), deleted);
    }

    private static Part part(String id) {
        return Arrays.stream(Part.values())
                .filter(part -> id.matches(part.id() + "-[a-z]{2}(-[a-z]+)+-\\d"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no part: " + id));
    }

    private static boolean has(Synthesis synthesis, String id) {
        return synthesis.stacks().stream().anyMatch(stack -> stack.id().equals(id));
    }

    private static boolean needs(Synthesis synthesis, String stack, String other, Set<String> seen) {
        for (var needed : synthesis.stack(stack).dependencies()) {
            if (needed.equals(other) || seen.add(needed) && needs(synthesis, needed, other, seen)) return true;
        }
        return false;
    }
}
