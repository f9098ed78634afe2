package dev.meridian.lab.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What the lab's services are told: docs/lab.md lists all that differs from a production deployment.
class LabSettingsTest {
    private static final Path LAB = Path.of("docs/lab.md");
    private static final Path CONFIGURATION = Path.of("docs/configuration.md");
    /// `| key | value | default | why |`
    private static final Pattern OVERRIDE =
            Pattern.compile("(?m)^\\| `([a-z.-]+)` \\| `([^`]+)` \\| ([^|]+) \\| [^|]+ \\|$");
    /// `| key | type | default | what |`
    private static final Pattern KEY = Pattern.compile("(?m)^\\| `([a-z.-]+)` \\| ([^|]+) \\| ([^|]*) \\| .*$");

    private record Key(String type, String standard) {}

    private static Map<String, String> settings() {
        var place = new ServiceSettings.Place(
                List.of("eu-west-1", "us-east-1"),
                1,
                1,
                2,
                List.of("postgresql://a/b", "postgresql://c/b"),
                Path.of("ca.pem"));
        return ServiceSettings.of(place, false, true);
    }

    private static Map<String, Key> keys() throws IOException {
        var keys = new TreeMap<String, Key>();
        KEY.matcher(Files.readString(CONFIGURATION))
                .results()
                .forEach(row -> keys.put(row.group(1), new Key(row.group(2), row.group(3))));
        assertTrue(keys.size() > 100, () -> "keys found: " + keys.size());
        return keys;
    }

    @Test
    void theDocumentListsWhatIsOverridden() throws IOException {
        var listed = new TreeMap<String, String>();
        var keys = keys();
        OVERRIDE.matcher(Files.readString(LAB)).results().forEach(row -> {
            listed.put(row.group(1), row.group(2));
            var standard = keys.get(row.group(1)).standard;
            if (!standard.isEmpty()) assertEquals(standard, row.group(3), "the default of " + row.group(1));
        });
        assertEquals(new TreeMap<>(ServiceSettings.OVERRIDES), listed);
    }

    /// All other keys say where the service runs, and are secrets and addresses: none has a default.
    @Test
    void nothingElseIsOverridden() throws IOException {
        var others = new HashSet<>(settings().keySet());
        others.removeAll(ServiceSettings.OVERRIDES.keySet());
        var keys = keys();
        for (var other : others) {
            if (!keys.containsKey(other)) {
                assertFalse(other.startsWith("meridian."), other);
                continue;
            }
            assertEquals("", keys.get(other).standard, other + " has a default");
        }
        assertEquals(
                List.of("aws.accessKeyId", "aws.secretAccessKey", "quarkus.dynamodb.endpoint-override"),
                others.stream()
                        .filter(key -> !key.startsWith("meridian."))
                        .sorted()
                        .toList());
    }

    @Test
    void noTimeoutOfSqlDynamoOrOrdersIsOverridden() throws IOException {
        var keys = keys();
        for (var key : settings().keySet()) {
            if (key.matches("meridian\\.(sql|dynamo|order)\\..*"))
                assertFalse(keys.get(key).type.contains("duration"), key);
        }
    }

    @Test
    void theServicesRunInProduction() {
        assertFalse(settings().containsKey("meridian.mode"));
        assertFalse(settings().containsKey("quarkus.profile"));
    }
}
