package dev.meridian;

import static java.util.function.Predicate.not;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import io.smallrye.config.ConfigMapping;
import jakarta.inject.Named;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Finds unused classes and methods. Code that a framework or the JVM calls counts as used: annotated methods
/// (endpoints, observers, producers, life cycle), overrides of methods of other libraries, accessors of
/// records, which JSON and templates read, beans that a template names or that implement an interface, and
/// `main`. Code that only unused methods call is unused too. A class of constants counts as used, since the
/// compiler copies their values.
final class DeadCode {
    private final JavaClasses classes;
    private final Predicate<JavaMethod> calledElsewhere;
    private final Predicate<JavaClass> namedElsewhere;

    private DeadCode(JavaClasses classes, Predicate<JavaMethod> calledElsewhere, Predicate<JavaClass> namedElsewhere) {
        this.classes = classes;
        this.calledElsewhere = calledElsewhere;
        this.namedElsewhere = namedElsewhere;
    }

    /// The names of the unused classes, and of the unused methods of other classes.
    ///
    /// @param calledElsewhere methods called from outside these classes, for example from a template
    /// @param namedElsewhere classes named outside these classes, for example in a service file
    static Set<String> in(
            JavaClasses classes, Predicate<JavaMethod> calledElsewhere, Predicate<JavaClass> namedElsewhere) {
        return new DeadCode(classes, calledElsewhere, namedElsewhere).find();
    }

    private Set<String> find() {
        var unusedClasses = unusedClasses();
        var living =
                classes.stream().filter(type -> !unusedClasses.contains(type)).toList();
        var called = called(living);
        return Stream.concat(
                        unusedClasses.stream().map(JavaClass::getName),
                        living.stream()
                                .filter(type -> !type.isAnnotation())
                                .flatMap(type -> type.getMethods().stream())
                                .filter(method -> !called.contains(method))
                                .map(DeadCode::nameOf))
                .collect(toCollection(TreeSet::new));
    }

    /// The name of a method in the report.
    static String nameOf(JavaMethod method) {
        return method.getOwner().getName() + "." + method.getName();
    }

    private Set<JavaClass> unusedClasses() {
        var unused = new HashSet<JavaClass>();
        int before;
        do {
            before = unused.size();
            classes.stream()
                    .filter(type -> !isEntry(type) && users(type).allMatch(unused::contains))
                    .forEach(unused::add);
        } while (unused.size() > before);
        return unused;
    }

    private static Stream<JavaClass> users(JavaClass type) {
        return type.getDirectDependenciesToSelf().stream()
                .map(Dependency::getOriginClass)
                .filter(user -> !isWithin(user, type));
    }

    private static boolean isWithin(JavaClass inner, JavaClass outer) {
        return inner.equals(outer)
                || inner.getEnclosingClass()
                        .filter(type -> isWithin(type, outer))
                        .isPresent();
    }

    private Set<JavaCodeUnit> called(List<JavaClass> living) {
        var called = new HashSet<JavaCodeUnit>();
        var open = new ArrayDeque<JavaCodeUnit>();
        for (var type : living) {
            open.addAll(type.getConstructors());
            type.getStaticInitializer().ifPresent(open::add);
            type.getMethods().stream().filter(this::isCalledFromOutside).forEach(open::add);
        }
        while (!open.isEmpty()) {
            var unit = open.remove();
            if (called.add(unit)) calledBy(unit).forEach(open::add);
        }
        return called;
    }

    /// The methods that a code unit may call: of the call's target class, its superclasses and subclasses.
    private static Stream<JavaMethod> calledBy(JavaCodeUnit unit) {
        return Stream.<JavaCodeUnitAccess<?>>concat(
                        unit.getMethodCallsFromSelf().stream(), unit.getMethodReferencesFromSelf().stream())
                .flatMap(call -> family(call.getTargetOwner())
                        .flatMap(type -> type.getMethods().stream())
                        .filter(method -> method.getName().equals(call.getName())
                                && method.getParameters().size()
                                        == call.getTarget().getParameterTypes().size()));
    }

    private static Stream<JavaClass> family(JavaClass type) {
        return Stream.of(Set.of(type), type.getAllSubclasses(), supertypes(type))
                .flatMap(Set::stream);
    }

    private static Set<JavaClass> supertypes(JavaClass type) {
        return type.getClassHierarchy().stream()
                .flatMap(parent -> Stream.concat(Stream.of(parent), parent.getAllRawInterfaces().stream()))
                .filter(parent -> !parent.equals(type))
                .collect(toSet());
    }

    private boolean isEntry(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.SYNTHETIC)
                || type.getSimpleName().equals("package-info")
                || type.getMethods().stream().anyMatch(DeadCode::isEntry)
                || isBean(type) && !type.getAllRawInterfaces().isEmpty()
                || type.isAnnotatedWith(Named.class)
                || namedElsewhere.test(type)
                || isOfConstants(type);
    }

    private static boolean isBean(JavaClass type) {
        return !type.isInterface() && !type.getAnnotations().isEmpty();
    }

    private static boolean isOfConstants(JavaClass type) {
        return type.getMethods().isEmpty()
                && !type.getFields().isEmpty()
                && type.getFields().stream()
                        .allMatch(field ->
                                field.getModifiers().containsAll(Set.of(JavaModifier.STATIC, JavaModifier.FINAL)));
    }

    private boolean isCalledFromOutside(JavaMethod method) {
        return isEntry(method)
                || calledElsewhere.test(method)
                || overridesForeign(method)
                || method.getModifiers().contains(JavaModifier.SYNTHETIC)
                || isAccessor(method)
                || method.getOwner().isEnum() && Set.of("values", "valueOf").contains(method.getName());
    }

    private static boolean isEntry(JavaMethod method) {
        return method.getName().equals("main")
                || !method.getAnnotations().isEmpty() && !isSetting(method)
                || method.getParameterAnnotations().stream().anyMatch(not(Set::isEmpty));
    }

    /// Annotations of a setting give its default and bounds; a setting that no code reads is still unused.
    private static boolean isSetting(JavaMethod method) {
        return method.getOwner().isAnnotatedWith(ConfigMapping.class)
                || method.getOwner()
                        .getEnclosingClass()
                        .filter(type -> type.isAnnotatedWith(ConfigMapping.class))
                        .isPresent();
    }

    private static boolean isAccessor(JavaMethod method) {
        return method.getOwner().isRecord()
                && method.getParameters().isEmpty()
                && method.getOwner().tryGetField(method.getName()).isPresent();
    }

    private boolean overridesForeign(JavaMethod method) {
        return supertypes(method.getOwner()).stream()
                .filter(type -> !classes.contain(type.getName()))
                .flatMap(type -> type.getMethods().stream())
                .anyMatch(foreign -> foreign.getName().equals(method.getName())
                        && foreign.getParameters().size()
                                == method.getParameters().size());
    }
}
