package dev.meridian.startup;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import dev.meridian.shared.Generated;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import io.smallrye.config.WithParentName;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.junit.jupiter.api.Test;

/// docs/configuration.md is generated from the `@ConfigMapping` interfaces: keys and defaults from the code,
/// descriptions from the comments.
class ConfigurationDocsTest {
    private static final Path FILE = Path.of("docs/configuration.md");

    private record Key(String type, String fallback, String bounds, String description) {}

    @Test
    void everyKeyIsDocumented() throws IOException {
        var keys = new TreeMap<String, Key>();
        var classes = new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests())
                .importPackages("dev.meridian");
        for (var type : classes) {
            if (!type.isAnnotatedWith(ConfigMapping.class)) continue;
            var mapping = type.reflect();
            var source =
                    Files.readString(Path.of("src/main/java", mapping.getName().replace('.', '/') + ".java"));
            collect(mapping, mapping.getAnnotation(ConfigMapping.class).prefix(), source, keys);
        }
        assertTrue(keys.size() > 20, () -> "only " + keys.keySet());
        keys.forEach((name, key) -> assertFalse(key.description().isEmpty(), () -> name + " has no comment"));
        Generated.check(FILE, render(keys));
    }

    private static void collect(Class<?> group, String prefix, String source, TreeMap<String, Key> keys) {
        for (var method : group.getDeclaredMethods()) {
            if (method.getParameterCount() > 0 || method.isDefault() || method.isSynthetic()) continue;
            var name = method.isAnnotationPresent(WithParentName.class) ? prefix : prefix + "." + name(method);
            var type = element(method.getGenericReturnType());
            if (type.isInterface() && type.getName().startsWith("dev.meridian.")) {
                collect(type, name, source, keys);
            } else {
                keys.put(name, key(method, source));
            }
        }
    }

    private static Key key(Method method, String source) {
        var fallback = Optional.ofNullable(method.getAnnotation(WithDefault.class))
                .map(WithDefault::value)
                .orElse("");
        return new Key(type(method.getGenericReturnType()), fallback, bounds(method), description(method, source));
    }

    private static String name(Method method) {
        var given = method.getAnnotation(WithName.class);
        return given != null ? given.value() : kebab(method.getName());
    }

    private static String kebab(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(java.util.Locale.ROOT);
    }

    private static Class<?> element(Type type) {
        if (type instanceof ParameterizedType p)
            return element(p.getActualTypeArguments()[p.getActualTypeArguments().length - 1]);
        return type instanceof Class<?> c ? c : Object.class;
    }

    private static String type(Type type) {
        if (type instanceof ParameterizedType p) {
            var inner = Arrays.stream(p.getActualTypeArguments())
                    .map(ConfigurationDocsTest::type)
                    .toList();
            var outer = ((Class<?>) p.getRawType()).getSimpleName().toLowerCase(java.util.Locale.ROOT);
            return switch (outer) {
                case "optional" -> inner.getFirst() + ", optional";
                case "list", "set" -> "list of " + inner.getFirst();
                default -> outer + " of " + String.join(" to ", inner);
            };
        }
        var c = (Class<?>) type;
        if (c.isEnum()) return Arrays.toString(c.getEnumConstants());
        return c.getSimpleName().toLowerCase(java.util.Locale.ROOT).replaceFirst("^integer$", "int");
    }

    private static String bounds(Method method) {
        var bounds = new ArrayList<String>();
        var min = method.getAnnotation(Min.class);
        var max = method.getAnnotation(Max.class);
        if (min != null) bounds.add("at least " + min.value());
        if (max != null) bounds.add("at most " + max.value());
        var shortest = method.getAnnotation(DurationMin.class);
        var longest = method.getAnnotation(DurationMax.class);
        if (shortest != null) {
            bounds.add("at least "
                    + duration(
                            shortest.days(),
                            shortest.hours(),
                            shortest.minutes(),
                            shortest.seconds(),
                            shortest.millis()));
        }
        if (longest != null) {
            bounds.add("at most "
                    + duration(
                            longest.days(), longest.hours(), longest.minutes(), longest.seconds(), longest.millis()));
        }
        return String.join(", ", bounds);
    }

    private static String duration(long days, long hours, long minutes, long seconds, long millis) {
        var value = java.time.Duration.ofDays(days)
                .plusHours(hours)
                .plusMinutes(minutes)
                .plusSeconds(seconds)
                .plusMillis(millis);
        return value.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
    }

    /// The comment above the method, in the interface that declares it.
    private static String description(Method method, String source) {
        var from = source.substring(
                source.indexOf("interface " + method.getDeclaringClass().getSimpleName() + " "));
        var comment = Pattern.compile("((?:[ \\t]*///[^\\n]*\\n)+)(?:[ \\t]*@[^\\n]*\\n)*[^\\n;{}]*\\b"
                        + method.getName() + "\\(\\);")
                .matcher(from);
        if (!comment.find()) return "";
        return String.join(
                " ",
                List.of(comment.group(1).split("\\n")).stream()
                        .map(line -> line.strip().replaceFirst("^/// ?", ""))
                        .toList());
    }

    private static String render(TreeMap<String, Key> keys) {
        var text = new StringBuilder("""
                # Configuration

                This file is made from the code by `ConfigurationDocsTest`, which fails when it is out of date and writes it anew.

                Any key can be an environment variable: upper case, every other character an underscore
                (`meridian.sql.writer-url` is `MERIDIAN_SQL_WRITER_URL`). Durations read like `400ms`, `2s`, `5m`. A value out of its
                bounds keeps the process from starting. Dev mode and tests have wider timeouts, see `application.properties`.

                ## What a deployment must set

                | Key | What |
                |---|---|
                | `meridian.region` or `AWS_REGION` | the Region; without it the process does not start |
                | `meridian.sql.writer-url`, `meridian.sql.reader-url` | where PostgreSQL is; without them the process does not start |
                | `meridian.sql.username`, `meridian.sql.password` | from a secret; or `meridian.sql.password-file`, or `meridian.sql.iam` |
                | `meridian.sql.tls.ca` | the authorities of the servers' certificates; without it connections to PostgreSQL are plain text |
                | `meridian.sql.owner-username`, `meridian.sql.owner-password`, `meridian.sql.app-role` | for `migrate` only, see [deployment.md](deployment.md) |
                | `meridian.identity` | `oidc` or `open`; without it a server does not start; with `oidc` also `meridian.oidc.issuer` and `meridian.oidc.client-id` |
                | `meridian.admin.tokens` | from a secret, `name:sha256` of each administrator; without it admin calls answer 403 |
                | `meridian.admin.port` | 8090 in production: only there does `/admin/**` answer; no public load balancer may reach it |
                | `meridian.session.keys` | from a secret, 32 characters or more each, the same in every Region; without it pages answer 503 |
                | `quarkus.http.cors.origins` | the origins of the browsers that may call, comma separated; none by default |

                ## Keys of Quarkus that matter

                | Key | Here | What |
                |---|---|---|
                | `quarkus.http.port`, `quarkus.management.port` | 8080, 9000 | the API; readiness (`/q/health/ready`), liveness (`/q/health/live`) and metrics (`/q/metrics`) |
                | `quarkus.http.limits.max-body-size` | `meridian.http.csv-size-max` | leave it; `meridian.http.*` has the bounds with a readable answer |
                | `quarkus.http.limits.max-header-size`, `…max-initial-line-length` | 64K, 65536 | what the server reads at most; the bounds with a readable answer are `meridian.http.*` |
                | `quarkus.http.idle-timeout` | 75s | how long a silent connection is kept: longer than the load balancer does (60 s) |
                | `quarkus.http.cors.origins` | none; any in dev and test | who may call from a browser |
                | `quarkus.shutdown.delay`, `quarkus.shutdown.timeout` | 3s, 12s | after SIGTERM: not ready but serving, then time for requests under way |
                | `quarkus.dynamodb.endpoint-override` | none | another DynamoDB, for local use |
                | `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_OTLP_PROTOCOL` | none, grpc | where spans go ([observability.md](observability.md)); trace ids exist either way |
                | `OTEL_TRACES_SAMPLER_ARG`, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_SERVICE_NAME` | 0.05 in production, none, meridian | share of requests that are traced, whatever their callers ask for; more attributes of the process |
                | `quarkus.log.level`, `quarkus.log.console.json.enabled` | INFO, true in production | logs on standard output |

                ## All keys of Meridian

                | Key | Type | Default | What |
                |---|---|---|---|
                """);
        keys.forEach((name, key) -> text.append("| `%s` | %s | %s | %s%s |%n"
                .formatted(
                        name,
                        key.type(),
                        key.fallback().isEmpty() ? "" : "`" + key.fallback() + "`",
                        key.description().replace("|", "\\|"),
                        key.bounds().isEmpty() ? "" : " (" + key.bounds() + ")")));
        return text.toString();
    }
}
