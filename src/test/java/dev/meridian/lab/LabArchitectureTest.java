package dev.meridian.lab;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The allowed calls in the lab and in the shared test code. Each rule must fail on a planted violation.
class LabArchitectureTest {
    /// Package of the lab -> the lab packages that it may call. The root assembles the lab and may call all.
    static final Map<String, Set<String>> MAY_CALL = Map.ofEntries(
            entry("replication", Set.of()),
            entry("cluster", Set.of("replication")),
            entry("client", Set.of("cluster", "replication")),
            entry("fault", Set.of("cluster", "replication")),
            entry("check", Set.of("client", "cluster", "replication")),
            entry("drill", Set.of("cluster", "fault", "page")),
            entry("page", Set.of("check", "client", "fault")));

    /// Classes of the root that the other packages may use: the public interface of the lab, and values.
    private static final Set<String> FACE = Set.of("Lab", "LabOptions", "LabState", "RegionState", "SeededDefect");
    /// Classes of the product that the lab may use: values, and the table declarations in `dynamo`.
    private static final Set<String> PRODUCT = Set.of("shared", "dynamo");

    private static final Pattern PACKAGE =
            Pattern.compile("dev\\.meridian(?:\\.planted)?\\.(?<top>\\w+)(?:\\.(?<part>\\w+))?.*");

    static final Map<String, ArchRule> RULES = Map.of(
            "the lab calls what the map allows",
            classes().that().resideInAPackage("dev.meridian..lab..").should(followMayCall()),
            "there are no cycles",
            slices().matching("dev.meridian..lab.(*)").should().beFreeOfCycles(),
            "what tests and lab share knows neither the product nor the lab",
            noClasses()
                    .that()
                    .resideInAPackage("dev.meridian..testing..")
                    .should()
                    .dependOnClassesThat(
                            resideInAPackage("dev.meridian..").and(resideOutsideOfPackage("dev.meridian..testing.."))),
            // ./lab has the class path of the product.
            "the lab needs no library of the tests",
            noClasses()
                    .that()
                    .resideInAPackage("dev.meridian..lab..")
                    .should()
                    .transitivelyDependOnClassesThat(resideInAnyPackage(
                            "io.quarkus.test..", "org.junit..", "org.awaitility..", "io.restassured..")));

    private static final JavaClasses LAB =
            new ClassFileImporter().importPaths(Path.of("target/lab-classes"), Path.of("target/testing-classes"));

    @TestFactory
    Stream<DynamicTest> rules() {
        return RULES.entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getKey(), () -> rule.getValue().check(LAB)));
    }

    @TestFactory
    Stream<DynamicTest> eachRuleFailsOnAPlantedViolation() {
        var planted =
                new ClassFileImporter().importPackages("dev.meridian.planted.lab", "dev.meridian.planted.testing");
        return RULES.entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getKey() + " (planted)",
                        () -> assertTrue(
                                rule.getValue().evaluate(planted).hasViolation(),
                                "the rule did not see its violation")));
    }

    private static ArchCondition<JavaClass> followMayCall() {
        return new ArchCondition<>("follow MAY_CALL") {
            @Override
            public void check(JavaClass from, ConditionEvents events) {
                var caller = part(from);
                if (!caller.isEmpty() && !MAY_CALL.containsKey(caller)) {
                    events.add(SimpleConditionEvent.violated(from, "package " + caller + " is not in MAY_CALL"));
                }
                for (var dependency : from.getDirectDependenciesFromSelf()) {
                    if (!mayCall(caller, dependency.getTargetClass()))
                        events.add(SimpleConditionEvent.violated(from, dependency.getDescription()));
                }
            }
        };
    }

    private static boolean mayCall(String caller, JavaClass target) {
        var name = PACKAGE.matcher(target.getPackageName());
        if (!name.matches()) return true;
        if (!name.group("top").equals("lab"))
            return name.group("top").equals("testing") || PRODUCT.contains(name.group("top"));
        var callee = part(target);
        if (caller.isEmpty() || callee.equals(caller)) return true;
        if (callee.isEmpty()) return FACE.contains(target.getName().replaceAll("^.*\\.|\\$.*", ""));
        return MAY_CALL.getOrDefault(caller, Set.of()).contains(callee);
    }

    /// The package below the root of the lab; empty for the root itself.
    private static String part(JavaClass type) {
        var name = PACKAGE.matcher(type.getPackageName());
        return name.matches() && name.group("part") != null ? name.group("part") : "";
    }
}
