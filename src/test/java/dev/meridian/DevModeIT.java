package dev.meridian;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The newcomer's first command, `./mvnw quarkus:dev`, in a copy of the project: it starts with real stores,
/// on code that is not formatted, uses other ports when the usual ones are taken, reloads an edit and keeps the
/// stores, logs no error and no stack trace, and leaves no process after its stop.
@Tag("jvm")
class DevModeIT {
    private static final Pattern LISTENING = Pattern.compile("Listening on: http://localhost:(\\d+)");
    private static final Pattern FAILURE = Pattern.compile("(?m)^(.*\\bERROR\\b.*|\\s+at [\\w.$/]+\\(.*)$");
    private static final Duration START = Duration.ofSeconds(240);
    private static final Set<String> SKIP = Set.of("target", ".git", "node_modules");

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private Process maven;

    @AfterEach
    void stop() throws InterruptedException {
        if (maven != null && maven.isAlive()) {
            var family = family(maven.toHandle());
            maven.destroy();
            if (!maven.waitFor(20, SECONDS)) family.forEach(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void oneCommandBringsUpTheStoreAndStoppingItLeavesNothing() throws Exception {
        var project = copyOfTheProject();
        var log = project.resolve("dev.log");
        var home = project.resolve("src/main/java/dev/meridian/web/HomeResource.java");
        // Code in the middle of an edit is not formatted.
        Files.writeString(home, Files.readString(home) + "\n\n");
        // Somebody else has the usual port of HTTP: dev mode takes another one and says so.
        try (var _ = occupy(8080)) {
            maven = new ProcessBuilder("sh", "./mvnw", "-B", "-ntp", "-Ddebug=false", "quarkus:dev")
                    .directory(project.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .start();
            await().atMost(START).pollInterval(Duration.ofMillis(200)).until(() -> {
                assertTrue(maven.isAlive(), () -> "dev mode ended:\n" + text(log));
                return LISTENING.matcher(text(log)).find();
            });
        }
        assertTrue(text(log).contains("port 8080 is taken"), text(log));
        await().atMost(Duration.ofSeconds(10)).until(() -> text(log).contains("API docs"));
        var matcher = LISTENING.matcher(text(log));
        assertTrue(matcher.find());
        var store = URI.create("http://localhost:" + matcher.group(1));

        assertTrue(get(store, "/mysfits").contains("Evangeline"), "sample data is there");
        assertTrue(get(store, "/q/swagger-ui/").contains("Swagger"), "API docs are there");
        var ticket = post(store, "/ticket", """
                {"description":"Survives a reload.","assigned":"a","priority":"low","status":"open","createdBy":"b"}""");
        var id = ticket.replaceAll(".*\"id\":\"([^\"]+)\".*", "$1");

        Files.writeString(
                home, Files.readString(home).replace("\"Meridian\", version", "\"Meridian reloaded\", version"));
        await().atMost(Duration.ofSeconds(60)).until(() -> get(store, "/").contains("Meridian reloaded"));
        assertTrue(get(store, "/ticket/" + id).contains("Survives a reload."), "the stores were kept");

        assertEquals(
                List.of(),
                FAILURE.matcher(text(log)).results().map(MatchResult::group).toList(),
                text(log));

        var addresses = addresses(project);
        var family = new ArrayList<>(family(maven.toHandle()));
        family.add(ProcessHandle.of(Long.parseLong(addresses.getProperty("local-stores.pid")))
                .orElseThrow());
        assertTrue(family.size() >= 3, "Maven, the application, the stores: " + family);
        var postgres =
                URI.create(addresses.getProperty("meridian.sql.writer-url")).getPort();
        assertTrue(answers(postgres), "PostgreSQL is a process of its own, known by its port");
        maven.destroy();
        assertTrue(maven.waitFor(30, SECONDS), "dev mode does not stop");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertEquals(
                        List.of(),
                        family.stream()
                                .filter(ProcessHandle::isAlive)
                                .map(process -> process.info().commandLine().orElse("?"))
                                .toList()));
        await().atMost(Duration.ofSeconds(30)).until(() -> !answers(postgres));
    }

    /// The folder of dev mode's stores. The parent of their process has ended, so it is not our descendant.
    private static Properties addresses(Path project) throws IOException {
        var properties = new Properties();
        try (var in = Files.newBufferedReader(project.resolve("target/local-stores/dev.properties"))) {
            properties.load(in);
        }
        return properties;
    }

    private static boolean answers(int port) {
        try (var _ = new Socket("localhost", port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// A process and its descendants, including the PostgreSQL of the stores.
    private static List<ProcessHandle> family(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants()).toList();
    }

    private static java.net.ServerSocket occupy(int port) {
        try {
            return new java.net.ServerSocket(port);
        } catch (IOException _) {
            // Taken already, which is just what the test needs.
            return null;
        }
    }

    private Path copyOfTheProject() throws IOException {
        var from = Path.of("").toAbsolutePath();
        var to = Files.createTempDirectory(from.resolve("target"), "dev-mode-");
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) throws IOException {
                if (SKIP.contains(dir.getFileName().toString())) return FileVisitResult.SKIP_SUBTREE;
                Files.createDirectories(to.resolve(from.relativize(dir)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)));
                return FileVisitResult.CONTINUE;
            }
        });
        return to;
    }

    private String get(URI store, String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(store.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .build();
        return http.send(request, BodyHandlers.ofString()).body();
    }

    private String post(URI store, String path, String json) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(store.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build();
        return http.send(request, BodyHandlers.ofString()).body();
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
