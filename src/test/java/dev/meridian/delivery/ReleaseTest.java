package dev.meridian.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `.ci/release` in a temporary repository, without the commands that change something.
class ReleaseTest {
    private static final Map<String, String> REGISTRY = Map.of("IMAGE_REGISTRY", "registry.test/shop");

    /// The first command of each step that makes an image.
    private static final String AUTHORITIES = "src/main/docker/rds-ca.sh \n";

    @TempDir
    Path repository;

    private record Run(int exitCode, String output, String errors) {}

    @BeforeEach
    void aReleaseIsPrepared() throws IOException {
        Files.createDirectory(repository.resolve(".ci"));
        Files.copy(Path.of(".ci/release"), repository.resolve(".ci/release"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(repository.resolve("pom.xml"), """
                <project>
                  <artifactId>meridian</artifactId>
                  <version>1.2.3</version>
                  <dependencies><dependency><version>9</version></dependency></dependencies>
                </project>
                """);
        Files.writeString(repository.resolve("CHANGELOG.md"), """
                # Changelog

                ## [Unreleased]

                ## [1.2.3] - 2030-01-31
                ### Fixed
                - A lantern.

                ## [1.2.2] - 2030-01-01
                - Older.
                """);
    }

    @Test
    void aTagThatAgreesWithVersionAndChangelogPasses() throws Exception {
        assertEquals(new Run(0, "registry.test/shop/meridian:1.2.3\n", ""), release(REGISTRY, "check", "v1.2.3"));
    }

    @Test
    void whatDoesNotAgreeIsRefused() throws Exception {
        assertRefused("the tag is v1.2.4", release(REGISTRY, "check", "v1.2.4"));
        assertRefused("IMAGE_REGISTRY is not set", release(Map.of(), "check", "v1.2.3"));
        var changelog = repository.resolve("CHANGELOG.md");
        Files.writeString(changelog, Files.readString(changelog).replace("[1.2.3]", "[1.2.30]"));
        assertRefused("CHANGELOG.md says nothing about 1.2.3", release(REGISTRY, "check", "v1.2.3"));
        var pom = repository.resolve("pom.xml");
        Files.writeString(pom, Files.readString(pom).replace("1.2.3", "1.2.3-SNAPSHOT"));
        assertRefused("1.2.3-SNAPSHOT in pom.xml is no version of a release", release(REGISTRY, "check"));
        assertRefused("no version of a release", release(REGISTRY, "--dry-run", "publish"));
    }

    @Test
    void notesAreTheSectionOfTheVersionAlone() throws Exception {
        assertEquals("### Fixed\n- A lantern.\n\n", release(Map.of(), "notes").output());
    }

    @Test
    void theExecutableIsBuiltInDockerUnlessABaseIsGiven() throws Exception {
        var docker = release(Map.of(), "--dry-run", "build").output();
        assertTrue(docker.startsWith(AUTHORITIES + "./mvnw -B -ntp verify -Dnative -Dimage "), docker);
        assertTrue(docker.contains("-Dquarkus.native.container-build=true"), docker);
        var here =
                release(Map.of("IMAGE_BASE", "base:here"), "--dry-run", "build").output();
        assertTrue(here.endsWith("-Dimage.base=base:here \n"), here);
    }

    /// Standard output has only the name, for a step of the workflow; the rest goes elsewhere.
    @Test
    void theImageSaysVersionAndCommitAndItsName() throws Exception {
        var image = release(with("GITHUB_SHA", "c0ffee"), "--dry-run", "image");
        assertTrue(image.output().matches("registry\\.test/shop/meridian:1\\.2\\.3-(amd64|arm64)\n"), image.output());
        assertTrue(image.errors().startsWith(AUTHORITIES + "docker build -f "), image.errors());
        assertTrue(
                image.errors().contains("--build-arg VERSION=1.2.3 --build-arg REVISION=c0ffee -t "), image.errors());
        assertTrue(release(REGISTRY, "--dry-run", "push")
                .output()
                .startsWith("docker push " + image.output().strip()));
    }

    /// `docker` is a script that prints what the image would get.
    @Test
    void noImageIsMadeWithoutTheAuthoritiesOfRds() throws Exception {
        program("bin/docker", "cat target/rds-ca.pem");
        var variables = with("GITHUB_SHA", "c0ffee", "PATH", repository.resolve("bin") + ":" + System.getenv("PATH"));
        program("src/main/docker/rds-ca.sh", "mkdir -p target && echo authorities > target/rds-ca.pem");
        var image = release(variables, "image");
        assertEquals("authorities\n", image.errors());
        assertTrue(image.output().startsWith("registry.test/shop/meridian:1.2.3-"), image.output());
        program("src/main/docker/rds-ca.sh", "echo no npm >&2; exit 3");
        assertEquals(new Run(3, "", "no npm\n"), release(variables, "image"));
        assertEquals(new Run(3, "", "no npm\n"), release(variables, "build"));
    }

    private void program(String name, String script) throws IOException {
        var file = repository.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        assertTrue(file.toFile().setExecutable(true));
    }

    @Test
    void theTokenIsTheRegistrysPasswordAndNeverPrinted() throws Exception {
        var variables = with("GITHUB_TOKEN", "s3cret", "GITHUB_ACTOR", "somebody");
        var push = release(variables, "--dry-run", "push");
        assertTrue(push.output().startsWith("docker login registry.test --username somebody --password-stdin"));
        assertTrue(!(push.output() + push.errors()).contains("s3cret"), push::toString);
    }

    @Test
    void bothArchitecturesBecomeOneImageBeforeItIsSignedAndReleased() throws Exception {
        var publish = release(REGISTRY, "--dry-run", "publish", "v1.2.3");
        assertEquals(0, publish.exitCode(), publish::errors);
        var commands = publish.output().lines().skip(1).toList();
        var expected = List.of(
                "docker pull registry.test/shop/meridian:1.2.3-amd64",
                "docker buildx imagetools create --tag registry.test/shop/meridian:1.2.3"
                        + " registry.test/shop/meridian:1.2.3-amd64 registry.test/shop/meridian:1.2.3-arm64",
                "cosign sign --yes --recursive registry.test/shop/meridian@sha256:",
                "cosign attest --yes --type cyclonedx --predicate ",
                "gh release create v1.2.3 --verify-tag ");
        assertEquals(expected.size(), commands.size(), publish::output);
        for (int i = 0; i < expected.size(); i++) {
            assertTrue(commands.get(i).startsWith(expected.get(i)), commands.get(i));
        }
    }

    @Test
    void helpNamesEveryStep() throws Exception {
        var help = release(Map.of(), "--help").output();
        for (var step : List.of("check", "build", "image", "push", "publish", "notes", "sbom")) {
            assertTrue(help.contains("\n  " + step + " "), step);
        }
        assertEquals(2, release(Map.of(), "nonsense").exitCode());
    }

    private static Map<String, String> with(String... variables) {
        var all = new HashMap<>(REGISTRY);
        for (int i = 0; i < variables.length; i += 2) all.put(variables[i], variables[i + 1]);
        return all;
    }

    private static void assertRefused(String because, Run run) {
        assertNotEquals(0, run.exitCode(), run::output);
        assertTrue(run.errors().contains(because), run::errors);
    }

    private Run release(Map<String, String> variables, String... arguments) throws Exception {
        var command = Stream.concat(Stream.of(repository.resolve(".ci/release").toString()), Stream.of(arguments));
        var errors = repository.resolve("errors");
        var builder = new ProcessBuilder(command.toList()).redirectError(errors.toFile());
        builder.environment().keySet().removeIf(key -> key.startsWith("GITHUB_") || key.startsWith("IMAGE_"));
        builder.environment().putAll(variables);
        var process = builder.start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output, Files.readString(errors));
    }
}
