package dev.meridian.infra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Documents that drain a Region or name the SQL writer write the item that the service writes: its source is read,
/// since no test of the infrastructure can start it.
class RegionItemsTest {
    private static final Path SOURCES = Path.of("../src/main/java/dev/meridian/region");

    /// `"state", s(…)`: an attribute and its type.
    private static final Pattern ATTRIBUTE = Pattern.compile("\"(\\w+)\",\\s*([sn])\\(");

    private static final Pattern ASSIGNMENT = Pattern.compile("([#\\w]+) = (:\\w+)");

    static Stream<String> configurations() {
        return Syntheses.five().stream().map(Synthesis::name);
    }

    @ParameterizedTest
    @CsvSource({"drain, DRAINED", "undrain, ACTIVE"})
    void aDrainIsWrittenAsTheServiceDoes(String document, String state) throws Exception {
        for (var region : Syntheses.of("default").regions()) {
            var update = update("default", region, document);
            assertEquals("meridian-regions", update.path("TableName").asText());
            assertEquals(attributes("RegionRepository.java", "Uni<Void> set("), written(update));
            assertEquals(state, value(update, "state").path("S").asText());
            assertTrue(Files.readString(SOURCES.resolve("DrainState.java")).contains(state), state);
            assertEquals("{{ Region }}", update.at("/Key/region/S").asText());
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void anEpochIsRaisedAsTheServiceDoes(String name) throws Exception {
        for (var region : Syntheses.of(name).regions()) {
            var update = update(name, region, "raise-writer-epoch");
            var expected = attributes("WriterEpochRepository.java", "Uni<WriterEpoch> raise(");
            expected.put("region", "S");
            assertEquals(expected, written(update));
            var source = Files.readString(SOURCES.resolve("WriterEpochRepository.java"));
            assertTrue(source.contains("KEY = \"" + update.at("/Key/region/S").asText() + "\""), "the key");
            assertTrue(
                    source.contains("\"" + update.path("ConditionExpression").asText() + "\""), "only a higher number");
        }
    }

    /// A name that is no candidate of the service's tasks would stop every write to SQL.
    @ParameterizedTest
    @MethodSource("configurations")
    void theWriterIsNamedAsTheServicesCandidatesAre(String name) throws Exception {
        var document = document(name, Syntheses.of(name).home(), "raise-writer-epoch");
        var pattern = Pattern.compile(DocumentChecks.content(document)
                .at("/parameters/Writer/allowedPattern")
                .asText());
        var written = value(update(name, Syntheses.of(name).home(), "raise-writer-epoch"), "writer")
                .path("S")
                .asText();
        var host = "meridian-eu-west-1.cluster-abc.eu-west-1.rds.amazonaws.com";
        for (var input : new String[] {host, host + ":5432"}) {
            if (pattern.matcher(input).matches()) assertEquals(host + ":5432", written.replace("{{ Writer }}", input));
        }
        assertTrue(
                pattern.matcher(host).matches()
                        || pattern.matcher(host + ":5432").matches(),
                pattern.pattern());
    }

    /// A document of a lost Region does not run: each Region has all of them, and they write to their own tables.
    @ParameterizedTest
    @MethodSource("configurations")
    void everyRegionCanDrainEveryOther(String name) throws Exception {
        for (var region : Syntheses.of(name).regions()) {
            var content = DocumentChecks.content(document(name, region, "drain"));
            var allowed = new java.util.TreeSet<String>();
            content.at("/parameters/Region/allowedValues").forEach(value -> allowed.add(value.asText()));
            assertEquals(new java.util.TreeSet<>(Syntheses.of(name).regions()), allowed);
            assertFalse(
                    update(name, region, "drain").toString().contains("arn:"),
                    "a table by its name is the Region's own");
        }
    }

    private static Resource document(String name, String region, String document) {
        return Syntheses.of(name)
                .stack("operate-" + region)
                .resources(DocumentChecks.DOCUMENT)
                .filter(each -> each.text("Name").equals("meridian-" + document))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no document " + document + " in " + region));
    }

    /// The inputs of its `UpdateItem`.
    private static JsonNode update(String name, String region, String document) {
        for (var step : DocumentChecks.content(document(name, region, document)).path("mainSteps")) {
            if (step.at("/inputs/Api").asText().equals("UpdateItem")) return step.path("inputs");
        }
        throw new AssertionError(document + " writes nothing");
    }

    /// Attributes of the item and their types: those of the key and those that the expression sets.
    private static Map<String, String> written(JsonNode update) {
        var all = new TreeMap<String, String>();
        update.path("Key").properties().forEach(key -> all.put(key.getKey(), type(key.getValue())));
        var expression = update.path("UpdateExpression").asText();
        assertTrue(expression.startsWith("SET "), expression);
        ASSIGNMENT.matcher(expression).results().forEach(set -> {
            var attribute =
                    update.path("ExpressionAttributeNames").path(set.group(1)).asText(set.group(1));
            all.put(attribute, type(update.path("ExpressionAttributeValues").path(set.group(2))));
        });
        return all;
    }

    private static JsonNode value(JsonNode update, String attribute) {
        var names = update.path("ExpressionAttributeNames");
        return ASSIGNMENT
                .matcher(update.path("UpdateExpression").asText())
                .results()
                .filter(set -> names.path(set.group(1)).asText(set.group(1)).equals(attribute))
                .map(set -> update.path("ExpressionAttributeValues").path(set.group(2)))
                .findFirst()
                .orElseThrow();
    }

    private static String type(JsonNode value) {
        return value.fieldNames().next();
    }

    /// What a method of the service puts into the item.
    private static Map<String, String> attributes(String file, String method) throws IOException {
        var source = Files.readString(SOURCES.resolve(file));
        var body = source.substring(source.indexOf(method));
        body = body.substring(0, body.indexOf("\n    }\n"));
        int condition = body.indexOf(".conditionExpression");
        if (condition >= 0) body = body.substring(0, condition);
        var all = new TreeMap<String, String>();
        ATTRIBUTE
                .matcher(body.replaceAll("\\s+", " "))
                .results()
                .forEach(found -> all.put(found.group(1), found.group(2).toUpperCase(java.util.Locale.ROOT)));
        return all;
    }
}
