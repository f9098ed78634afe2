package dev.meridian.infra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every synthesis is: made without an account, without functions of CDK, within CloudFormation's limits.
class SynthTest {
    /// "CloudFormation quotas".
    private static final int BYTES = 1_000_000;

    private static final int RESOURCES = 500;

    static Stream<String> configurations() {
        return Syntheses.five().stream().map(Synthesis::name);
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void nothingIsAskedOfAnAccount(String name) {
        assertTrue(Syntheses.of(name).manifest().path("missing").isEmpty(), "asks the account");
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void thereAreNoCustomResourcesAndNoFunctions(String name) {
        var found = new TreeSet<String>();
        Syntheses.of(name).resources().forEach(resource -> {
            boolean custom = resource.type().startsWith("Custom::")
                    || resource.type().equals("AWS::CloudFormation::CustomResource");
            if (custom || resource.type().equals("AWS::Lambda::Function")) found.add(resource + " " + resource.type());
        });
        assertEquals(new TreeSet<String>(), found);
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void referencesBetweenStacksAreWeak(String name) {
        for (var stack : Syntheses.of(name).stacks()) {
            var text = stack.template().toString();
            assertFalse(text.contains("Fn::ImportValue"), stack.id() + " imports a value");
            stack.template()
                    .path("Outputs")
                    .properties()
                    .forEach(output -> assertTrue(
                            output.getValue().path("Export").isMissingNode(),
                            stack.id() + " exports " + output.getKey()));
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void noTemplateIsTooLarge(String name) throws Exception {
        var synthesis = Syntheses.of(name);
        for (var stack : synthesis.stacks()) {
            assertTrue(Files.size(synthesis.directory().resolve(stack.file())) < BYTES, stack.id());
            assertTrue(stack.resources().count() <= RESOURCES, stack.id());
            assertTrue(stack.template().path("Outputs").size() <= 200, stack.id());
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void everyRegionHasEveryPartThatIsForEach(String name) {
        var synthesis = Syntheses.of(name);
        var ids = synthesis.stacks().stream().map(StackTemplate::id).toList();
        for (var region : synthesis.regions()) {
            for (var part : List.of("network", "images", "service", "operate")) {
                assertTrue(ids.contains(part + "-" + region), part + " of " + region);
            }
        }
    }

    /// A stack named after a Region where it is not misleads people and tools.
    @ParameterizedTest
    @MethodSource("configurations")
    void aStackIsInTheRegionThatItsNameSays(String name) {
        for (var stack : Syntheses.of(name).stacks()) {
            assertTrue(stack.id().endsWith("-" + stack.region()), stack.id() + " is in " + stack.region());
            assertEquals("meridian-" + stack.id(), stack.name());
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void theWriterIsNamedByItsClustersOnly(String name) {
        for (var stack : Syntheses.of(name).stacks()) {
            var text = stack.template().toString();
            assertFalse(text.contains("GlobalEndpoint"), stack.id());
            assertFalse(text.contains(".global-"), stack.id());
        }
    }

    /// Names that AWS knows in a whole account or in the world must differ between stacks.
    @ParameterizedTest
    @MethodSource("configurations")
    void namesOfTheWholeAccountAreGivenOnce(String name) {
        var seen = new HashMap<String, String>();
        var twice = new ArrayList<String>();
        Syntheses.of(name).resources().forEach(resource -> {
            for (var property : List.of("RoleName", "BucketName", "ManagedPolicyName")) {
                var value = resource.text(property);
                if (value.isEmpty() || value.startsWith("${")) continue;
                var before = seen.put(property + " " + value, resource.toString());
                if (before != null) twice.add(value + ": " + before + " and " + resource);
            }
        });
        assertEquals(List.of(), twice);
    }

    /// CloudFormation gives the tags of a stack to what it makes; drills and backup choose by them.
    @ParameterizedTest
    @MethodSource("configurations")
    void everyStackSaysWhoseItIs(String name) {
        for (var artifact : Syntheses.of(name).manifest().path("artifacts")) {
            if (!artifact.path("type").asText().equals("aws:cloudformation:stack")) continue;
            assertEquals("meridian", artifact.at("/properties/tags/service").asText(), artifact.toString());
        }
    }

    @Test
    void theFiveHaveEveryValueOfEveryChoice() {
        var configs = Syntheses.five().stream()
                .map(one -> Syntheses.config(one.name()))
                .toList();
        assertEquals(
                Config.Routing.values().length,
                configs.stream().map(Config::routing).distinct().count());
        assertEquals(
                Config.Control.values().length,
                configs.stream().map(Config::control).distinct().count());
        assertEquals(
                Config.SqlKind.values().length,
                configs.stream().map(one -> one.sql().kind()).distinct().count());
        assertEquals(
                Config.Login.values().length,
                configs.stream().map(one -> one.sql().login()).distinct().count());
        assertEquals(
                Config.Storage.values().length,
                configs.stream().map(one -> one.sql().storage()).distinct().count());
        assertEquals(
                Config.Nat.values().length,
                configs.stream().map(one -> one.egress().nat()).distinct().count());
        assertEquals(
                Config.Architecture.values().length,
                configs.stream().map(Config::architecture).distinct().count());
        assertEquals(
                2,
                configs.stream()
                        .map(one -> one.journal().consistency())
                        .distinct()
                        .count());
    }

    @Test
    void twoSynthesesOfOneConfigurationAreEqual() {
        var once = Syntheses.of("bare");
        var again = Syntheses.synthesize("again", Syntheses.config("bare"), java.nio.file.Path.of("target/again"));
        for (var stack : once.stacks())
            assertEquals(stack.template(), again.stack(stack.id()).template(), stack.id());
    }
}
