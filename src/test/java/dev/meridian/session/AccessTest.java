package dev.meridian.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.meridian.shared.Generated;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Each endpoint says who may use it, and docs/security.md has the table of them all.
class AccessTest {
    private static final java.nio.file.Path DOCUMENT = java.nio.file.Path.of("docs/security.md");
    private static final String BEGIN = "<!-- generated: endpoints -->\n";
    private static final String END = "<!-- end of generated -->\n";
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE");

    /// Annotation -> who may, in words.
    private static final Map<Class<? extends Annotation>, String> ACCESS = Map.of(
            Anybody.class, "anybody",
            OwnerOnly.class, "owner, staff",
            CustomerOnly.class, "customer",
            SupportOnly.class, "support",
            CatalogOnly.class, "catalog",
            OperatorOnly.class, "operator");

    private static final JavaClasses PRODUCT =
            new ClassFileImporter().importPath(java.nio.file.Path.of("target/classes"));

    record Endpoint(String method, String path, boolean isPage, String access, JavaMethod code) {}

    private static final List<Endpoint> ENDPOINTS = PRODUCT.stream()
            .flatMap(type -> type.getMethods().stream())
            .flatMap(AccessTest::endpoints)
            .toList();

    private static Stream<Endpoint> endpoints(JavaMethod code) {
        return METHODS.stream()
                .filter(method -> code.isAnnotatedWith("jakarta.ws.rs." + method))
                .map(method -> new Endpoint(
                        method,
                        path(code),
                        either(code, HtmlPage.class),
                        access(code).stream().map(ACCESS::get).collect(Collectors.joining("?")),
                        code));
    }

    private static String path(JavaMethod code) {
        var parts = Stream.<CanBeAnnotated>of(code.getOwner(), code)
                .filter(of -> of.isAnnotatedWith(Path.class))
                .map(of -> value(of).replaceAll("^/|/$", ""))
                .filter(part -> !part.isEmpty())
                .toList();
        return "/" + String.join("/", parts);
    }

    private static String value(CanBeAnnotated of) {
        return of instanceof JavaMethod method
                ? method.getAnnotationOfType(Path.class).value()
                : ((JavaClass) of).getAnnotationOfType(Path.class).value();
    }

    private static boolean either(JavaMethod code, Class<? extends Annotation> annotation) {
        return code.isAnnotatedWith(annotation) || code.getOwner().isAnnotatedWith(annotation);
    }

    private static List<Class<? extends Annotation>> access(JavaMethod code) {
        var found = new ArrayList<Class<? extends Annotation>>();
        for (var annotation : ACCESS.keySet()) if (either(code, annotation)) found.add(annotation);
        return found;
    }

    @Test
    void eachEndpointSaysOnceWhoMayUseIt() {
        var wrong = ENDPOINTS.stream()
                .filter(endpoint -> !ACCESS.containsValue(endpoint.access()))
                .map(endpoint -> endpoint.code().getFullName() + ": " + endpoint.access())
                .toList();
        assertEquals(List.of(), wrong, "exactly one of " + ACCESS.keySet());
        assertTrue(ENDPOINTS.size() > 60, "the test sees the endpoints: " + ENDPOINTS.size());
    }

    /// By itself or by a method of its class.
    @Test
    void whatIsForItsOwnerAsksWhoCalls() {
        var asks = Set.of(Callers.class.getName(), Visitor.class.getName());
        var wrong = ENDPOINTS.stream()
                .filter(endpoint -> either(endpoint.code(), OwnerOnly.class))
                .filter(endpoint -> !calls(endpoint.code(), asks, new TreeSet<>()))
                .map(endpoint -> endpoint.code().getFullName())
                .toList();
        assertEquals(List.of(), wrong);
    }

    private static boolean calls(JavaMethod method, Set<String> classes, Set<String> seen) {
        if (!seen.add(method.getFullName())) return false;
        return method.getMethodCallsFromSelf().stream()
                .anyMatch(call -> classes.contains(call.getTargetOwner().getFullName())
                        || call.getTargetOwner().equals(method.getOwner())
                                && call.getTarget().resolveMember().stream()
                                        .anyMatch(member -> calls(member, classes, seen)));
    }

    /// [OwnershipTest] sends the operations of the table as strangers.
    @Test
    void eachOperationForAnOwnerIsTried() throws IOException {
        var tried = OwnershipTest.tried();
        var untried = ENDPOINTS.stream()
                .filter(endpoint -> !endpoint.isPage() && either(endpoint.code(), OwnerOnly.class))
                .filter(endpoint -> tried.stream().noneMatch(call -> matches(endpoint, call)))
                .map(endpoint -> endpoint.method() + " " + endpoint.path())
                .toList();
        assertEquals(List.of(), untried);
    }

    private static boolean matches(Endpoint endpoint, String call) {
        return call.replaceFirst("[?].*", "")
                .matches(endpoint.method() + " " + endpoint.path().replaceAll("[{][^}]*}", "[^/]+"));
    }

    @Test
    void theDocumentHasThemAll() throws IOException {
        var rows = new TreeMap<String, String>();
        for (var endpoint : ENDPOINTS) {
            var key = endpoint.path() + (endpoint.isPage() ? " (page)" : "");
            // A page acts for its visitor alone.
            var who = endpoint.isPage() ? endpoint.access().replace("owner, staff", "owner") : endpoint.access();
            rows.merge(key + "|" + who, endpoint.method(), (a, b) -> a + ", " + b);
        }
        var table = new StringBuilder("| Path | Methods | Who may |\n|---|---|---|\n");
        rows.forEach((key, methods) -> {
            var parts = key.split("[|]");
            var sorted = Stream.of(methods.split(", ")).distinct().sorted().collect(Collectors.joining(", "));
            table.append("| `%s`%s | %s | %s |%n"
                    .formatted(
                            parts[0].replace(" (page)", ""),
                            parts[0].endsWith(" (page)") ? " (page)" : "",
                            sorted,
                            parts[1]));
        });
        var text = Files.readString(DOCUMENT);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        assertTrue(begin >= BEGIN.length() && end >= begin, "the marks of the table");
        Generated.check(DOCUMENT, text.substring(0, begin) + table + text.substring(end));
    }
}
