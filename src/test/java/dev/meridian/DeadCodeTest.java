package dev.meridian;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The product has no unused code. Code that only tests call counts as unused.
class DeadCodeTest {
    private static final Path RESOURCES = Path.of("src/main/resources");
    private static final Pattern EXPRESSION = Pattern.compile("\\{[^{}]*}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z]\\w*");

    /// Classes that only the native build reads.
    private static final Set<String> NATIVE_BUILD =
            Set.of("dev.meridian.dynamo.NativeSubstitutions", "dev.meridian.startup.NativeHeap");

    @Test
    void theProductHasNoUnusedClassOrMethod() throws IOException {
        var product = new ClassFileImporter().importPath(Path.of("target/classes"));
        assertTrue(product.contain("dev.meridian.Meridian"), "target/classes holds no product");
        var templates = namesInTemplates();
        var services = services();
        assertEquals(
                Set.of(),
                DeadCode.in(
                        product,
                        method -> templates.contains(method.getName()),
                        type -> services.contains(type.getName()) || NATIVE_BUILD.contains(type.getName())));
    }

    @Test
    void plantedClassAndMethodAreFound() {
        var planted = new ClassFileImporter().importPackages("dev.meridian.planted");
        var found = DeadCode.in(planted, _ -> false, _ -> false).stream()
                .filter(name -> name.contains(".Unused"))
                .collect(toSet());
        assertEquals(
                Set.of(
                        "dev.meridian.planted.UnusedClass",
                        "dev.meridian.planted.UnusedMethod.unused",
                        "dev.meridian.planted.UnusedMethod.onlyFromUnused"),
                found);
    }

    private static Set<String> namesInTemplates() throws IOException {
        var names = new HashSet<String>();
        for (var file : files("templates")) {
            EXPRESSION
                    .matcher(Files.readString(file))
                    .results()
                    .flatMap(expression -> NAME.matcher(expression.group()).results())
                    .forEach(name -> names.add(name.group()));
        }
        // A template reads the property `region` by calling `getRegion`, or `isRegion`.
        for (var name : Set.copyOf(names)) {
            var property = Character.toUpperCase(name.charAt(0)) + name.substring(1);
            names.add("get" + property);
            names.add("is" + property);
        }
        return names;
    }

    private static Set<String> services() throws IOException {
        var names = new HashSet<String>();
        for (var file : files("META-INF/services")) names.addAll(Files.readAllLines(file));
        return names;
    }

    private static List<Path> files(String folder) throws IOException {
        try (var files = Files.walk(RESOURCES.resolve(folder))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
