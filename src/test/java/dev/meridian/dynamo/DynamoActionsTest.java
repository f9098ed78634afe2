package dev.meridian.dynamo;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.meridian.shared.Generated;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Which DynamoDB calls the service makes, and that the policy of its role allows these and no others.
class DynamoActionsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DefaultPrettyPrinter PRINTER = new DefaultPrettyPrinter(
                    Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER))
            .withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
    private static final Path POLICY = Path.of("infra/iam/dynamodb.json");
    private static final String SCHEMA = DynamoSchema.class.getName();
    private static final DynamoActions ACTIONS =
            new DynamoActions(new ClassFileImporter().importPath(Path.of("target/classes")));

    /// All but `missing` run only for [DynamoSchema#createMissing], which start refuses in production.
    @Test
    void tablesAreOnlyDescribedInProduction() {
        var administration = ACTIONS.callers();
        assertTrue(administration.size() > 8, administration::toString);
        administration.keySet().removeAll(DynamoActions.ON_ITEMS);
        assertEquals(
                Map.of(
                        "describeTable", Set.of(SCHEMA + ".missing"),
                        "createTable", Set.of(SCHEMA + ".create"),
                        "updateTimeToLive", Set.of(SCHEMA + ".letExpire")),
                administration);
        var others = ACTIONS.others();
        others.removeAll(Set.of("builder", "create", "serviceName", "serviceClientConfiguration", "close", "notSent"));
        assertEquals(Set.of(), others, "no single operations");
    }

    /// `infra/iam/dynamodb.json` is generated: each table of each Region with the actions of its repositories.
    @Test
    void thePolicyAllowsWhatTheServiceCalls() throws IOException {
        var policy = JSON.createObjectNode().put("Version", "2012-10-17");
        var statements = policy.putArray("Statement");
        ACTIONS.inProduction().forEach((table, actions) -> {
            assertTrue(actions.size() > 2, () -> table + " " + actions);
            statements.add(statement(table, actions));
        });
        var text = JSON.writer(PRINTER).writeValueAsString(policy);
        var length = text.replaceAll("\\s", "").length();
        assertTrue(length <= 6144, () -> "a managed policy has at most 6,144 characters, not " + length);
        Generated.check(POLICY, text + "\n");
    }

    private static ObjectNode statement(DynamoTable table, Set<String> actions) {
        var statement = JSON.createObjectNode()
                .put(
                        "Sid",
                        Arrays.stream(table.baseName().split("-"))
                                .map(word -> word.substring(0, 1).toUpperCase() + word.substring(1))
                                .collect(joining()))
                .put("Effect", "Allow");
        var allowed = statement.putArray("Action");
        actions.forEach(action -> allowed.add("dynamodb:" + action));
        var resources = statement.putArray("Resource");
        for (var region : regions()) {
            var arn = "arn:aws:dynamodb:" + region + ":111122223333:table/meridian-" + table.baseName();
            resources.add(arn);
            if (!table.indexes().isEmpty()) resources.add(arn + "/index/*");
        }
        return statement;
    }

    /// Those of the task definitions: a task also calls the tables of its fallback Region.
    private static Set<String> regions() {
        try (var files = Files.list(Path.of("infra/ecs"))) {
            return new TreeSet<>(files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("task-definition."))
                    .map(name -> name.split("\\.")[1])
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
