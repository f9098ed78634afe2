package dev.meridian.delivery;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Volume;
import dev.meridian.testing.CredentialServer;
import dev.meridian.testing.PostgresServer;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.SigningDynamo;
import dev.meridian.testing.StoresResource;
import dev.meridian.testing.TestCertificates;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.utility.DockerImageName;

/// Runs an image like a platform: half a CPU, 512 MB, not root, a read-only root file system, no capabilities.
/// It uses the host's network, because the stores are there. Each image has the same cases; they fail without a
/// Docker engine.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class ImageCases {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REGION = "eu-central-1";
    private static final String VERSION = "1.2.3-it";
    private static final String TOKEN = "the administrator's token of this test";
    private static final long MEMORY_BYTES = 512L << 20;
    private static final long HALF_A_PROCESSOR = 500_000_000;
    private static final String DYNAMO = "quarkus.dynamodb.endpoint-override";
    private static final String AGENT = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
    private static final Map<String, String> KEYS =
            Map.of("AWS_ACCESS_KEY_ID", "local", "AWS_SECRET_ACCESS_KEY", "local");
    private static final Duration KEY_LIFETIME = Duration.ofSeconds(10);
    private static final String MOUNTED = "/run/aurora";
    private static final Duration FOLLOWED = Duration.ofSeconds(15);
    private static final InetAddress NAME_SERVER = InetAddress.ofLiteral("127.77.0.53");
    private static final int DNS_PORT = 53;
    private static final int QUESTIONS = 4;
    /// Less than the name server is silent.
    private static final Duration SILENCE = Duration.ofSeconds(2);

    private final StoresResource stores = new StoresResource();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Map<String, String> config = new HashMap<>();

    /// The suffix of its Dockerfile's name, and of its tag in the tests.
    abstract String kind();

    /// Its title in the labels.
    abstract String title();

    /// The largest size; more is a mistake in its content.
    abstract long compressedBytesMax();

    /// How long a start, or a command, may take on half of a busy CPU.
    abstract Duration soon();

    /// The program in the container, which takes a command as its argument.
    abstract List<String> program();

    /// Limits the heap for a task that also runs a collector.
    ///
    /// @param command the command of the service
    abstract void bounded(GenericContainer<?> container, String command);

    private String tag() {
        return "meridian-image-it:" + kind();
    }

    @BeforeAll
    void buildImageAndStartStores() throws Exception {
        assertTrue(
                DockerClientFactory.instance().isDockerAvailable(),
                "this test needs a Docker engine; none answers at DOCKER_HOST or the usual places");
        build();
        var started = stores.start();
        var url = started.get("meridian.sql.writer-url");
        try (var connection = DriverManager.getConnection("jdbc:" + url, "postgres", "postgres");
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE image");
        }
        config.put("meridian.region", REGION);
        config.put("meridian.identity", "open");
        config.put("meridian.tables.prefix", "image-");
        config.put("meridian.sql.writer-url", url.replace("/postgres", "/image"));
        config.put("meridian.sql.reader-url", url.replace("/postgres", "/image"));
        config.putAll(ServiceProcess.users());
        config.put(DYNAMO, started.get(DYNAMO));
    }

    @AfterAll
    void stopStores() {
        stores.stop();
    }

    /// Builds the image as in docs/deployment.md. No step needs a network.
    private void build() throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("docker", "build", "--network=none", "-t", tag()));
        command.addAll(List.of("-f", "src/main/docker/Dockerfile." + kind(), "--build-arg", "VERSION=" + VERSION));
        for (var argument : List.of("BASE", "TRAINER")) {
            var value = System.getProperty("image." + argument.toLowerCase(Locale.ROOT), "");
            if (!value.isEmpty()) command.addAll(List.of("--build-arg", argument + "=" + value));
        }
        command.add(".");
        var log = Files.createTempFile("meridian-image", ".log");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertTrue(process.waitFor(5, TimeUnit.MINUTES), "docker build does not end");
        assertEquals(0, process.exitValue(), () -> {
            try {
                return Files.readString(log);
            } catch (IOException e) {
                return e.toString();
            }
        });
        Files.delete(log);
    }

    /// A container of the image, not yet started. It is configured by environment variables, as on a platform.
    @SuppressWarnings("resource")
    final GenericContainer<?> container(Map<String, String> more, String... arguments) {
        var container = new GenericContainer<>(DockerImageName.parse(tag()))
                .withNetworkMode("host")
                .withCommand(arguments)
                .withEnv(more.containsKey(AGENT) ? Map.of() : KEYS)
                .withCreateContainerCmdModifier(command -> command.getHostConfig()
                        .withMemory(MEMORY_BYTES)
                        .withMemorySwap(MEMORY_BYTES)
                        .withNanoCPUs(HALF_A_PROCESSOR)
                        .withReadonlyRootfs(true)
                        .withSecurityOpts(List.of("no-new-privileges"))
                        .withCapDrop(Capability.ALL));
        config.forEach((name, value) -> container.withEnv(variable(name), value));
        more.forEach((name, value) -> container.withEnv(variable(name), value));
        return container;
    }

    private static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    @Test
    @Order(1)
    void isSmallAndSaysWhatItIs() throws Exception {
        var image = DockerClientFactory.instance()
                .client()
                .inspectImageCmd(tag())
                .exec()
                .getConfig();
        assertEquals("10001:10001", image.getUser());
        assertEquals(title(), image.getLabels().get("org.opencontainers.image.title"));
        assertEquals(VERSION, image.getLabels().get("org.opencontainers.image.version"));
        assertEquals("Apache-2.0", image.getLabels().get("org.opencontainers.image.licenses"));
        var size = compressedSize();
        System.out.printf(kind() + ": %.1f MB compressed%n", size / 1e6);
        assertTrue(size <= compressedBytesMax(), () -> size + " bytes compressed");
    }

    /// The SBOM is a file in the image, so it is always distributed with the image.
    @Test
    @Order(1)
    void hasItsSbomInAFileThatALabelNames() throws Exception {
        var client = DockerClientFactory.instance().client();
        var path = client.inspectImageCmd(tag()).exec().getConfig().getLabels().get("dev.meridian.sbom");
        var container = client.createContainerCmd(tag()).exec().getId();
        try (var tar = new TarArchiveInputStream(
                client.copyArchiveFromContainerCmd(container, path).exec())) {
            tar.getNextEntry();
            var bom = JSON.readTree(tar.readAllBytes());
            assertEquals("CycloneDX", bom.path("bomFormat").asText());
            assertEquals(JSON.readTree(Files.readString(Path.of("target/meridian-sbom.json"))), bom);
            assertTrue(bom.path("components").findValuesAsText("name").contains("netty-handler"));
        } finally {
            client.removeContainerCmd(container).exec();
        }
    }

    /// The compressed size, as stored in a registry and pulled by a node.
    private long compressedSize() throws IOException, InterruptedException {
        var process = new ProcessBuilder("sh", "-c", "docker save " + tag() + " | gzip | wc -c").start();
        var size =
                Long.parseLong(new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
        assertEquals(0, process.waitFor());
        return size;
    }

    @Test
    @Order(2)
    void migratesAnEmptyDatabaseAndEnds() throws Exception {
        try (var migrate = container(Map.of(), "migrate")) {
            migrate.setStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(soon()));
            migrate.start();
            assertTrue(migrate.getLogs().contains("schema is up to date"), migrate::getLogs);
        }
    }

    @Test
    @Order(4)
    void takesAnOrderAndEndsInOrder() throws Exception {
        makeTables();
        int port = freePort();
        int management = freePort();
        var ports = Map.of(
                "quarkus.http.port",
                Integer.toString(port),
                "meridian.admin.port",
                Integer.toString(freePort()),
                "quarkus.management.port",
                Integer.toString(management),
                "meridian.admin.token",
                TOKEN,
                "meridian.session.key",
                "a key of some length for this test only");
        try (var service = container(ports)) {
            bounded(service, "serve");
            long start = System.nanoTime();
            service.start();
            var ready = awaitReady(management);
            System.out.printf(
                    kind() + ": ready %d ms after the container was asked for%n",
                    (System.nanoTime() - start) / 1_000_000);
            var checks = json(get(ready)).path("checks");
            assertEquals(List.of(REGION), checks.findValuesAsText("region"), checks::toString);

            var base = URI.create("http://localhost:" + port);
            await().atMost(soon()).until(() -> status(base.resolve("/health")) == 200);
            takesAnOrder(base);
            // Pages need templates, drawings a place to be unpacked to, the cookie randomness.
            var page = get(base.resolve("/cart"), "Accept", "text/html");
            assertEquals(200, page.statusCode(), page::body);
            assertEquals(200, status(base.resolve("/assets/meridian.css")));
            assertEquals(0, inContainer(service, "health"));
            assertTrue(service.getLogs().contains("\"region\":\"" + REGION + "\""), service::getLogs);
            assertEndsOnSigterm(service);
        }
    }

    final URI awaitReady(int management) {
        var ready = URI.create("http://localhost:" + management + "/q/health/ready");
        await().atMost(soon()).ignoreExceptions().until(() -> status(ready) == 200);
        return ready;
    }

    private int inContainer(GenericContainer<?> service, String command) throws IOException, InterruptedException {
        var line = Stream.concat(program().stream(), Stream.of(command)).toArray(String[]::new);
        return service.execInContainer(line).getExitCode();
    }

    /// After a failover the database's DNS name has a new address. The JDK caches the old one for 30 s by
    /// default. A native image fixes the cache time at build time, unless configured
    /// (docs/adr/0008-native-build.md).
    @Test
    @Order(5)
    void aNameThatMovesIsFollowedWithinSeconds() throws Exception {
        var hosts = Files.createTempFile("meridian-hosts", "");
        Files.setPosixFilePermissions(hosts, PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(hosts, "127.0.0.1 localhost\n127.0.0.2 database.test\n");
        int port = freePort();
        var url = config.get("meridian.sql.writer-url").replaceFirst("//[^:/]+", "//database.test");
        var moving = Map.of(
                "quarkus.http.port",
                Integer.toString(port),
                "meridian.admin.port",
                Integer.toString(freePort()),
                "quarkus.management.port",
                Integer.toString(freePort()),
                "meridian.sql.writer-url",
                url,
                "meridian.sql.reader-url",
                url);
        try (var service = container(moving, "serve")) {
            service.withCreateContainerCmdModifier(command -> command.getHostConfig()
                    .withBinds(new Bind(hosts.toString(), new Volume("/etc/hosts"), AccessMode.ro)));
            service.start();
            var health = URI.create("http://localhost:" + port + "/health");
            await().atMost(soon()).ignoreExceptions().until(() -> status(health) == 503);
            Files.writeString(hosts, "127.0.0.1 localhost\n127.0.0.1 database.test\n");
            await().atMost(FOLLOWED).until(() -> status(health) == 200);
        } finally {
            Files.delete(hosts);
        }
    }

    /// The names of the other Region's cluster and of the collector are looked up again and again while there is no
    /// connection to them. Each time the JDK waits three seconds for an answer (two questions, one for each version
    /// of IP).
    @Test
    @Order(5)
    void aSilentNameServerStopsNothingElse() throws Exception {
        int port = freePort();
        int management = freePort();
        var names = Files.createTempFile("meridian-resolv", "");
        Files.setPosixFilePermissions(names, PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(names, "nameserver " + NAME_SERVER.getHostAddress() + "\noptions timeout:3 attempts:1\n");
        var url = config.get("meridian.sql.writer-url");
        var settings = Map.of(
                "quarkus.http.port",
                Integer.toString(port),
                "meridian.admin.port",
                Integer.toString(freePort()),
                "quarkus.management.port",
                Integer.toString(management),
                "meridian.sql.writer-candidates",
                url.replaceFirst("//[^:/]+", "//other-region.test"),
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://collector.test:4317",
                "OTEL_TRACES_SAMPLER_ARG",
                "1.0");
        // Takes questions and never answers.
        try (var silent = new DatagramSocket(DNS_PORT, NAME_SERVER);
                var service = container(settings, "serve")) {
            service.withCreateContainerCmdModifier(command -> command.getHostConfig()
                    .withBinds(new Bind(names.toString(), new Volume("/etc/resolv.conf"), AccessMode.ro)));
            service.start();
            awaitReady(management);
            var health = URI.create("http://localhost:" + port + "/health");
            await().atMost(soon()).ignoreExceptions().until(() -> status(health) == 200);
            silent.setSoTimeout((int) soon().toMillis());
            for (int[] asked = new int[2]; asked[0] < QUESTIONS || asked[1] < QUESTIONS; ) {
                var question = new DatagramPacket(new byte[512], 512);
                silent.receive(question);
                var text = new String(question.getData(), 0, question.getLength(), StandardCharsets.ISO_8859_1);
                if (text.contains("other-region")) asked[0]++;
                if (text.contains("collector")) asked[1]++;
                for (int j = 0; j < 50; j++) {
                    long begun = System.nanoTime();
                    assertEquals(200, status(health));
                    var took = Duration.ofNanos(System.nanoTime() - begun);
                    assertTrue(took.compareTo(SILENCE) < 0, () -> "a request waited: " + took);
                }
            }
            assertFalse(service.getLogs().contains("has been blocked for"), service::getLogs);
        } finally {
            Files.delete(names);
        }
    }

    /// PostgreSQL as Aurora has it: TLS with an authority of its own, an owner for the schema, a role for the
    /// service whose password is in a file and changes. A quarter of a CPU, the smallest task.
    @Test
    @Order(6)
    void connectsAsItDoesToAurora() throws Exception {
        var base = Files.createDirectories(Path.of("target/local-stores").toAbsolutePath());
        var folder = Files.createTempDirectory(base, "image-");
        var certificates = TestCertificates.create(folder.resolve("tls"), "localhost");
        var mounted = Files.createDirectory(folder.resolve("mounted"));
        Files.copy(certificates.ca(), mounted.resolve("ca.pem"));
        try (var server = PostgresServer.primary(folder.resolve("data"), certificates)) {
            server.execute("CREATE ROLE store_owner LOGIN CREATEROLE PASSWORD 'of the owner'");
            server.execute("CREATE DATABASE store OWNER store_owner");
            server.admit("hostssl all all 127.0.0.1/32 scram-sha-256");
            var settings = new HashMap<String, String>();
            settings.put("meridian.sql.writer-url", "postgresql://localhost:" + server.port() + "/store");
            settings.put("meridian.sql.reader-url", settings.get("meridian.sql.writer-url"));
            settings.put("meridian.sql.tls.ca", MOUNTED + "/ca.pem");
            settings.put("meridian.sql.username", "store_app");
            settings.put("meridian.sql.password", "one");
            settings.put("meridian.sql.app-role", "store_app");
            settings.put("meridian.sql.owner-username", "store_owner");
            settings.put("meridian.sql.owner-password", "of the owner");
            try (var migrate = container(settings, "migrate")) {
                small(migrate, mounted);
                migrate.setStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(soon().multipliedBy(2)));
                migrate.start();
                assertTrue(migrate.getLogs().contains("schema is up to date"), migrate::getLogs);
            }
            int port = freePort();
            settings.put("quarkus.http.port", Integer.toString(port));
            settings.put("quarkus.management.port", Integer.toString(freePort()));
            settings.put("meridian.admin.port", Integer.toString(freePort()));
            settings.put("meridian.sql.username", "not this one");
            settings.put("meridian.sql.password", "nor this");
            settings.put("meridian.sql.password-file", MOUNTED + "/secret");
            writeSecret(mounted, "one");
            try (var service = container(settings)) {
                bounded(service, "serve");
                small(service, mounted);
                service.start();
                var health = URI.create("http://localhost:" + port + "/health");
                await().atMost(soon().multipliedBy(2)).ignoreExceptions().until(() -> status(health) == 200);
                server.execute("ALTER ROLE store_app PASSWORD 'two'");
                writeSecret(mounted, "two");
                server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'store_app'");
                await().atMost(FOLLOWED).until(() -> status(health) == 200);
            }
        }
    }

    /// With EKS Pod Identity: no home, no entry in `passwd`, a quarter of a processor. A key lives for seconds.
    @Test
    @Order(5)
    void takesItsCredentialsFromPodIdentity() throws Exception {
        makeTables();
        var mounted = Files.createTempDirectory("meridian-token");
        Files.setPosixFilePermissions(mounted, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(mounted.resolve("token"), TOKEN);
        try (var source = new CredentialServer(TOKEN);
                var dynamo = new SigningDynamo(source, Optional.of(config.get(DYNAMO)))) {
            source.lifetime(KEY_LIFETIME);
            int port = freePort();
            var settings = new HashMap<>(source.ofPodIdentity(MOUNTED + "/token"));
            settings.put("quarkus.http.port", Integer.toString(port));
            settings.put("quarkus.management.port", Integer.toString(freePort()));
            settings.put("meridian.admin.port", Integer.toString(freePort()));
            settings.put(DYNAMO, dynamo.url());
            try (var service = container(settings)) {
                bounded(service, "serve");
                small(service, mounted);
                service.start();
                var call = URI.create("http://localhost:" + port + "/ticket?limit=1");
                // Cold, it may take longer than a key lives.
                await().atMost(soon().multipliedBy(2))
                        .ignoreExceptions()
                        .until(() -> status(call) == 200 && dynamo.keys().size() >= 2);
                var refused = dynamo.refused();
                int keys = dynamo.keys().size();
                await().atMost(soon()).until(() -> {
                    assertEquals(200, status(call), service::getLogs);
                    return dynamo.keys().size() >= keys + 2;
                });
                assertEquals(refused, dynamo.refused());
            }
        }
    }

    private static void small(GenericContainer<?> container, Path mounted) {
        container.withCreateContainerCmdModifier(command -> command.getHostConfig()
                .withNanoCPUs(HALF_A_PROCESSOR / 2)
                .withBinds(new Bind(mounted.toString(), new Volume(MOUNTED), AccessMode.ro)));
    }

    /// As a platform replaces it: all at once.
    private static void writeSecret(Path mounted, String password) throws IOException {
        var next = Files.writeString(
                mounted.resolve("next"), "{\"username\":\"store_app\",\"password\":\"" + password + "\"}");
        Files.move(
                next, mounted.resolve("secret"), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /// In production infrastructure code creates the tables; here the test profile of the same binary does.
    private void makeTables() throws Exception {
        var test = new HashMap<>(config);
        test.put("quarkus.profile", "test");
        test.put("meridian.mode", "test");
        test.put("meridian.sample-data.enabled", "false");
        try (var service = ServiceProcess.serve(test)) {
            assertEquals(200, service.send("GET", "/ticket", null).statusCode());
        }
    }

    private void takesAnOrder(URI base) throws Exception {
        var product = send("PUT", base.resolve("/catalog/products/p-image"), """
                {"name":"Lamp","description":"A lamp.","price":1950,"stock":5,"tags":[]}""", "Authorization", "Bearer " + TOKEN);
        assertTrue(product.statusCode() == 200 || product.statusCode() == 201, product::body);
        var answer =
                send("POST", base.resolve("/orders"), """
                {"shippingAddress": {"firstName": "Nadia", "lastName": "Okafor", "email": "nadia@example.com",
                   "address1": "12 Lantern Row", "city": "Port Isle", "zipCode": "04521", "state": "ME"},
                 "items": [{"productId": "p-image", "quantity": 3}]}""", "Idempotency-Key", "image-it", "X-Customer-Id", "c-image");
        assertEquals(200, answer.statusCode(), answer::body);
        assertEquals(REGION, answer.headers().firstValue("X-Region").orElse(""));
        var order = json(answer);
        assertEquals("CONFIRMED", order.path("status").asText(), order::toString);
        var read = get(base.resolve("/orders/" + order.path("id").asText()));
        assertEquals(200, read.statusCode(), read::body);
        assertEquals(order, json(read));
    }

    /// 143 is 128 + SIGTERM, the exit code of a program that handles the signal and ends; SIGKILL gives 137.
    private void assertEndsOnSigterm(GenericContainer<?> service) {
        var docker = service.getDockerClient();
        var id = service.getContainerId();
        var state = docker.inspectContainerCmd(id).exec().getState();
        assertEquals(Boolean.FALSE, state.getOOMKilled());
        long start = System.nanoTime();
        docker.killContainerCmd(id).withSignal("SIGTERM").exec();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !Boolean.TRUE.equals(
                        docker.inspectContainerCmd(id).exec().getState().getRunning()));
        var ended = docker.inspectContainerCmd(id).exec().getState();
        System.out.printf(
                kind() + ": ended %d ms after SIGTERM with exit code %d%n",
                (System.nanoTime() - start) / 1_000_000,
                ended.getExitCodeLong());
        assertEquals(143L, ended.getExitCodeLong(), service::getLogs);
        assertTrue(service.getLogs().contains("stopped in"), service::getLogs);
    }

    private int status(URI uri) throws IOException, InterruptedException {
        return get(uri).statusCode();
    }

    private HttpResponse<String> get(URI uri, String... headers) throws IOException, InterruptedException {
        return send("GET", uri, null, headers);
    }

    private HttpResponse<String> send(String method, URI uri, String json, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10));
        if (headers.length > 0) request.headers(headers);
        if (json != null) request.header("Content-Type", "application/json");
        request.method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
