package dev.meridian;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.meridian.session.OperatorOnly;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The architecture of docs/architecture.md as rules. Each rule must fail on a planted violation.
class ArchitectureTest {
    private static final String ROOT = "dev.meridian";
    private static final String HTTP = ROOT + ".http";
    private static final String SESSION = ROOT + ".session";
    private static final String LIMITS = ROOT + ".limits";
    private static final String AWS = ROOT + ".aws";
    private static final String DYNAMO = ROOT + ".dynamo";
    private static final String DYNAMOCLIENT = ROOT + ".dynamoclient";
    private static final String SQL = ROOT + ".sql";
    private static final String SQLPOOL = ROOT + ".sqlpool";
    /// The foundations of the features; these packages may have several public classes.
    private static final String[] FOUNDATIONS = Stream.of(
                    "shared",
                    "async",
                    "http",
                    "telemetry",
                    "oidc",
                    "session",
                    "limits",
                    "aws",
                    "sqlpool",
                    "sql",
                    "dynamoclient",
                    "dynamo",
                    "retention",
                    "startup")
            .map(name -> ROOT + "." + name)
            .toArray(String[]::new);
    /// The pools and their planted violation.
    private static final String SQLPOOLS = ROOT + "..sqlpool";
    /// The client of DynamoDB and its planted violation.
    private static final String DYNAMOCLIENTS = ROOT + "..dynamoclient";

    /// Package -> the packages it may call; all may call `shared`. This is the only list.
    static final Map<String, Set<String>> MAY_CALL = Map.ofEntries(
            // Values, then what all features stand on.
            entry("shared", Set.of()),
            entry("async", Set.of()),
            entry("http", Set.of()),
            entry("telemetry", Set.of()),
            entry("oidc", Set.of("async")),
            entry("session", Set.of("async", "dynamo", "http", "oidc")),
            entry("limits", Set.of("http", "session")),
            entry("aws", Set.of("async")),
            entry("sqlpool", Set.of()),
            entry("sql", Set.of("aws", "sqlpool", "telemetry")),
            entry("dynamoclient", Set.of()),
            entry("dynamo", Set.of("dynamoclient", "aws", "async", "http", "telemetry")),
            entry("startup", Set.of("dynamo", "oidc", "session")),
            entry("retention", Set.of("async", "dynamo", "http", "session")),
            // Features.
            entry("like", Set.of("async", "dynamo")),
            entry("mysfit", Set.of("like", "async", "dynamo", "session", "sql", "startup")),
            entry("catalog", Set.of("async", "dynamo", "http", "session", "sql", "startup", "retention")),
            entry("customer", Set.of("dynamo", "session", "retention")),
            entry("cart", Set.of("catalog", "async", "dynamo", "http", "session", "retention")),
            entry("journal", Set.of("dynamo")),
            entry(
                    "order",
                    Set.of(
                            "async",
                            "catalog",
                            "customer",
                            "journal",
                            "http",
                            "session",
                            "limits",
                            "sql",
                            "startup",
                            "retention")),
            entry("checkout", Set.of("catalog", "order", "customer", "dynamo", "session", "retention")),
            entry("leaderboard", Set.of("async", "dynamo", "session", "retention")),
            entry("scoreimport", Set.of("leaderboard", "dynamo", "http", "session", "startup", "retention")),
            entry("ticket", Set.of("dynamo", "http", "session", "retention")),
            entry(
                    "recovery",
                    Set.of(
                            "catalog", "mysfit", "order", "journal", "region", "async", "http", "session", "sql",
                            "sqlpool")),
            entry("reconcile", Set.of("aws", "sql")),
            entry("region", Set.of("async", "dynamo", "http", "session", "sql", "sqlpool")),
            entry(
                    "web",
                    Set.of(
                            "mysfit",
                            "catalog",
                            "customer",
                            "cart",
                            "checkout",
                            "order",
                            "leaderboard",
                            "ticket",
                            "recovery",
                            "region",
                            "http",
                            "session",
                            "startup")));

    static final Map<String, ArchRule> RULES = Map.ofEntries(
            entry("features call only what the map allows", classes().should(followMayCall())),
            entry(
                    "there are no cycles",
                    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles()),
            entry("features are flat", classes().should().resideInAnyPackage(ROOT, ROOT + ".*")),
            entry(
                    "only the face, records and enums are public",
                    classes()
                            .that()
                            .resideInAPackage(ROOT + ".*")
                            .and()
                            .resideOutsideOfPackages(FOUNDATIONS)
                            .and()
                            .areTopLevelClasses()
                            .and()
                            .arePublic()
                            .should()
                            .haveSimpleNameEndingWith("Service")
                            .orShould()
                            .beRecords()
                            .orShould()
                            .beEnums()),
            entry(
                    "of the pools only the faces, records and exceptions are public",
                    classes()
                            .that()
                            .resideInAPackage(SQLPOOLS)
                            .and()
                            .areTopLevelClasses()
                            .and()
                            .arePublic()
                            .should()
                            .haveNameMatching(".*\\.(WriterPool|ReaderPool)")
                            .orShould()
                            .beRecords()
                            .orShould()
                            .beAssignableTo(RuntimeException.class)),
            entry(
                    "the pools stand alone, as a library would",
                    classes()
                            .that()
                            .resideInAPackage(SQLPOOLS)
                            .should()
                            .onlyDependOnClassesThat()
                            .resideInAnyPackage(
                                    SQLPOOL,
                                    "java..",
                                    "io.vertx..",
                                    "io.netty.channel..",
                                    "io.smallrye.mutiny..",
                                    "io.micrometer.core.instrument..")),
            entry(
                    "of the client of DynamoDB only its face, records and exceptions are public",
                    classes()
                            .that()
                            .resideInAPackage(DYNAMOCLIENTS)
                            .and()
                            .areTopLevelClasses()
                            .and()
                            .arePublic()
                            .should()
                            .haveNameMatching(".*\\.DynamoClient")
                            .orShould()
                            .beRecords()
                            .orShould()
                            .beAssignableTo(RuntimeException.class)),
            entry(
                    "the client of DynamoDB stands alone, as a library would",
                    classes()
                            .that()
                            .resideInAPackage(DYNAMOCLIENTS)
                            .should()
                            .onlyDependOnClassesThat()
                            .resideInAnyPackage(
                                    DYNAMOCLIENT,
                                    "java..",
                                    "javax.crypto..",
                                    "io.vertx.core..",
                                    "io.netty.buffer..",
                                    "io.netty.channel..",
                                    "com.fasterxml.jackson.core..",
                                    "io.opentelemetry.api.trace..",
                                    "software.amazon.awssdk..")),
            entry(
                    "only aws, dynamo, dynamoclient, sql and repositories touch the AWS SDK",
                    noClasses()
                            .that(areNoRepositories())
                            .and()
                            .resideOutsideOfPackages(AWS, DYNAMO, DYNAMOCLIENT, SQL)
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage("software.amazon.awssdk..")),
            entry(
                    "only sql, sqlpool and repositories touch the SQL client",
                    noClasses()
                            .that(areNoRepositories())
                            .and()
                            .resideOutsideOfPackages(SQL, SQLPOOL)
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(
                                    "io.vertx.mutiny.sqlclient..", "io.vertx.sqlclient..", "io.vertx.pgclient..")),
            entry(
                    "only resources, http, session and limits speak HTTP",
                    noClasses()
                            .that(describe(
                                    "are no resources", c -> !outerName(c).endsWith("Resource")))
                            .and()
                            .resideOutsideOfPackages(HTTP, SESSION, LIMITS)
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage("jakarta.ws.rs..", "org.jboss.resteasy..", "io.vertx.ext.web..")),
            entry(
                    "resources skip no layer",
                    noClasses()
                            .that()
                            .haveSimpleNameEndingWith("Resource")
                            .should()
                            .dependOnClassesThat()
                            .haveSimpleNameEndingWith("Repository")),
            entry(
                    "no fields are injected",
                    noFields().should().beAnnotatedWith(Inject.class).allowEmptyShould(true)),
            entry(
                    "nothing blocks on a request path",
                    noClasses()
                            .that()
                            .doNotHaveFullyQualifiedName(ROOT + ".startup.Bootstrap")
                            .and()
                            .doNotHaveFullyQualifiedName(HTTP + ".AdminListener")
                            .should()
                            .callMethod(Thread.class, "sleep", long.class)
                            .orShould()
                            .callMethodWhere(calls("await", io.smallrye.mutiny.Uni.class))
                            .orShould()
                            .callMethodWhere(calls("join", java.util.concurrent.CompletableFuture.class))
                            .orShould()
                            .callMethodWhere(calls("get", java.util.concurrent.Future.class))),
            entry(
                    "names say what a class is",
                    noClasses().should().haveNameMatching(".*(Impl|Utils?|Helper|Manager|Dto|DTO|Base|Abstract\\w*)$")),
            entry(
                    "money and counts never float",
                    noFields().should().haveRawType(double.class).orShould().haveRawType(float.class)),
            entry(
                    "internals of Vert.x stay in one class each of async, http, the client of DynamoDB and the pools",
                    noClasses()
                            .that(describe(
                                    "are none of those classes",
                                    c -> !Set.of(
                                                    ROOT + ".async.CallerContext",
                                                    HTTP + ".Connections",
                                                    DYNAMOCLIENT + ".LoopContext",
                                                    SQLPOOL + ".EventLoop")
                                            .contains(outerName(c))))
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage("io.vertx..impl..", "io.vertx..internal..")),
            entry("nothing writes to standard streams", NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS),
            entry(
                    "endpoint methods are public",
                    methods().that(areEndpoints()).should().bePublic()),
            entry(
                    "endpoints below /admin are of classes below /admin, and for administrators",
                    methods().that(areEndpoints()).should(beHiddenWithTheirClass())),
            entry(
                    "endpoints stay on the event loop",
                    methods()
                            .that(areEndpoints())
                            .should()
                            .haveRawReturnType(assignableTo(io.smallrye.mutiny.Uni.class))
                            .orShould()
                            .haveRawReturnType(assignableTo(io.smallrye.mutiny.Multi.class))
                            .orShould()
                            .beAnnotatedWith(io.smallrye.common.annotation.NonBlocking.class)));

    /// The product: neither the tests nor the lab nor their shared code.
    private static final JavaClasses PRODUCT = new ClassFileImporter().importPath(Path.of("target/classes"));

    /// Reports growth; it does not fail.
    @Test
    void printsTheFiveLargestOfEachKind() throws IOException {
        var largest = Sizes.of(Path.of("src/main/java")).largest(5);
        System.out.println(largest);
        assertTrue(largest.lines().count() >= 4 * 5, largest);
    }

    @TestFactory
    Stream<DynamicTest> rules() {
        return RULES.entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getKey(), () -> rule.getValue().check(PRODUCT)));
    }

    @TestFactory
    Stream<DynamicTest> eachRuleFailsOnAPlantedViolation() {
        var planted = new ClassFileImporter().importPackages(ROOT + ".planted", ROOT + ".planted2");
        return RULES.entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getKey() + " (planted)",
                        () -> assertTrue(
                                rule.getValue().evaluate(planted).hasViolation(),
                                "the rule did not see its violation")));
    }

    @Test
    void eachPermissionIsUsed() {
        assertEquals(Set.of(), unused(MAY_CALL, PRODUCT));
        var planted = new ClassFileImporter().importPackages(ROOT + ".planted", ROOT + ".planted2");
        var permissions = Map.of("planted", Set.of("planted2", "http"), "planted2", Set.of("planted"));
        assertEquals(Set.of("planted -> http"), unused(permissions, planted));
    }

    private static Set<String> unused(Map<String, Set<String>> permissions, JavaClasses classes) {
        var unused = new TreeSet<String>();
        permissions.forEach((caller, callees) -> callees.forEach(callee -> unused.add(caller + " -> " + callee)));
        for (var type : classes) {
            for (var dependency : type.getDirectDependenciesFromSelf()) {
                unused.remove(feature(type) + " -> " + feature(dependency.getTargetClass()));
            }
        }
        return unused;
    }

    private static DescribedPredicate<JavaClass> areNoRepositories() {
        return describe("are no repositories", c -> !outerName(c).endsWith("Repository"));
    }

    private static DescribedPredicate<JavaMethod> areEndpoints() {
        return describe(
                "are endpoints",
                method -> Stream.of(
                                jakarta.ws.rs.GET.class,
                                jakarta.ws.rs.POST.class,
                                jakarta.ws.rs.PUT.class,
                                jakarta.ws.rs.DELETE.class,
                                jakarta.ws.rs.PATCH.class)
                        .anyMatch(method::isAnnotatedWith));
    }

    /// The path of the class decides which port has its endpoints (`http.AdminPortFilter`).
    private static ArchCondition<JavaMethod> beHiddenWithTheirClass() {
        return new ArchCondition<>("be hidden with their class") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                var owner = method.getOwner();
                var atClass = path(owner);
                if (!isBelowAdmin(atClass + path(method))) return;
                if (!isBelowAdmin(atClass))
                    events.add(SimpleConditionEvent.violated(method, method.getFullName() + " only is below /admin"));
                if (!owner.isAnnotatedWith(OperatorOnly.class) && !method.isAnnotatedWith(OperatorOnly.class))
                    events.add(SimpleConditionEvent.violated(method, method.getFullName() + " is for everybody"));
            }
        };
    }

    private static String path(HasAnnotations<?> annotated) {
        return annotated.isAnnotatedWith(jakarta.ws.rs.Path.class)
                ? "/" + annotated.getAnnotationOfType(jakarta.ws.rs.Path.class).value()
                : "";
    }

    private static boolean isBelowAdmin(String path) {
        return path.matches("/*admin(/.*)?");
    }

    private static ArchCondition<JavaClass> followMayCall() {
        return new ArchCondition<>("follow MAY_CALL") {
            @Override
            public void check(JavaClass from, ConditionEvents events) {
                var caller = feature(from);
                if (caller.isEmpty()) return;
                if (!MAY_CALL.containsKey(caller)) {
                    events.add(SimpleConditionEvent.violated(from, "package " + caller + " is not in MAY_CALL"));
                }
                for (var dependency : from.getDirectDependenciesFromSelf()) {
                    var callee = feature(dependency.getTargetClass());
                    if (!callee.isEmpty()
                            && !callee.equals(caller)
                            && !callee.equals("shared")
                            && !MAY_CALL.getOrDefault(caller, Set.of()).contains(callee)) {
                        events.add(SimpleConditionEvent.violated(from, dependency.getDescription()));
                    }
                }
            }
        };
    }

    private static String feature(JavaClass type) {
        var name = type.getPackageName();
        return name.startsWith(ROOT + ".") ? name.substring(ROOT.length() + 1).split("\\.")[0] : "";
    }

    private static String outerName(JavaClass type) {
        return type.getName().replaceAll("\\$.*", "");
    }

    private static DescribedPredicate<JavaMethodCall> calls(String name, Class<?> owner) {
        return describe(
                "call " + owner.getSimpleName() + "." + name,
                call -> call.getName().equals(name) && call.getTargetOwner().isAssignableTo(owner));
    }
}
