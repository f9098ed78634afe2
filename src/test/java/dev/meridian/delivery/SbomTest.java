package dev.meridian.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The build step that makes the SBOM and checks licences, on input with planted mistakes.
class SbomTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FORBIDDEN = "AGPL-3.0-only";

    @TempDir
    Path directory;

    private record Ran(int exit, String said, Path out) {
        JsonNode bom() throws IOException {
            return JSON.readTree(out.toFile());
        }
    }

    /// Runs it like pom.xml.
    private Ran run(String... components) throws IOException, InterruptedException {
        var in = Files.writeString(directory.resolve("in.json"), """
                {"metadata": {"component": {"bom-ref": "pkg:generic/app"}}, "components": [%s],
                 "dependencies": [{"ref": "pkg:generic/app", "dependsOn": ["pkg:maven/a", "pkg:maven/b"]}, {"ref": "pkg:maven/b"}]}
                """.formatted(String.join(",", components)));
        var out = directory.resolve("out.json");
        var classpath = Stream.of(ObjectMapper.class, JsonFactory.class, JsonProperty.class)
                .map(type ->
                        type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .collect(Collectors.joining(File.pathSeparator));
        var process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-XX:TieredStopAtLevel=1",
                        "-classpath",
                        classpath,
                        "src/dev/java/Sbom.java",
                        in.toString(),
                        out.toString())
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), said, out);
    }

    private static String component(String ref, String scope, String... licences) {
        var choices = Stream.of(licences)
                .map("{\"license\": {\"id\": \"%s\"}}"::formatted)
                .collect(Collectors.joining(","));
        return """
                {"bom-ref": "%s", "licenses": [%s], "hashes": [{"alg": "MD5", "content": "0"}, {"alg": "SHA-256", "content": "1"}],
                 "properties": [{"name": "quarkus:component:scope", "value": "%s"}]}""".formatted(ref, choices, scope);
    }

    @Test
    void whatIsOnlyNeededToBuildIsNotListed() throws Exception {
        var ran = run(
                component("pkg:maven/a", "runtime", "GPL-2.0-with-classpath-exception", "EPL-2.0"),
                component("pkg:maven/b", "development", FORBIDDEN),
                component("pkg:generic/own", "runtime"));
        assertEquals(0, ran.exit(), ran::said);
        assertEquals(
                List.of("pkg:maven/a", "pkg:generic/own"),
                ran.bom().path("components").findValuesAsText("bom-ref"));
        assertEquals(List.of("SHA-256", "SHA-256"), ran.bom().findValuesAsText("alg"));
        assertEquals(
                "[\"pkg:maven/a\"]", ran.bom().at("/dependencies/0/dependsOn").toString());
        assertEquals(1, ran.bom().path("dependencies").size());
    }

    @Test
    void aPlantedLicenceThatIsForbiddenFails() throws Exception {
        var ran = run(component("pkg:maven/a", "runtime", "MIT"), component("pkg:maven/b", "runtime", FORBIDDEN));
        assertEquals(1, ran.exit(), ran::said);
        assertTrue(ran.said().contains("pkg:maven/b [" + FORBIDDEN + "]"), ran::said);
        assertFalse(ran.said().contains("pkg:maven/a"), ran::said);
        assertFalse(Files.exists(ran.out()));
    }

    @Test
    void aLicenceByAnotherNameAndNoneAtAllFail() throws Exception {
        var named = component("pkg:maven/a", "runtime", "x").replace("\"id\": \"x\"", "\"name\": \"Home-made\"");
        var expression = component("pkg:maven/b", "runtime", "x")
                .replace("{\"license\": {\"id\": \"x\"}}", "{\"expression\": \"MIT AND " + FORBIDDEN + "\"}");
        var ran = run(named, expression, component("pkg:maven/c", "runtime"));
        assertEquals(1, ran.exit(), ran::said);
        assertTrue(ran.said().contains("pkg:maven/a [Home-made]"), ran::said);
        assertTrue(ran.said().contains("pkg:maven/b [MIT AND " + FORBIDDEN + "]"), ran::said);
        assertTrue(ran.said().contains("pkg:maven/c []"), ran::said);
    }

    @Test
    void aListOfNothingFails() throws Exception {
        assertEquals(1, run(component("pkg:maven/b", "development", "MIT")).exit());
    }
}
