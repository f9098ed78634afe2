package dev.meridian.aws;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.testing.CredentialServer;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.SigningDynamo;
import dev.meridian.testing.StoresResource;
import dev.meridian.testing.TcpProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packaged artifact in production mode with the variables of ECS, EKS Pod Identity and IRSA, on a
/// DynamoDB that checks keys and signatures. [HeldCredentialsTest] has more cases.
@Tag("dynamodb")
@Tag("process")
class CredentialsIT {
    private static final StoresResource STORES = new StoresResource();
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /// Half of it is the margin of a busy machine.
    private static final Duration LIFETIME = Duration.ofSeconds(8);
    private static final String TOKEN = "a token/of this test+only==";
    private static final String PREFIX = "credentials-";
    private static final String CALL = "/ticket?limit=1";

    @TempDir
    Path folder;

    private static Map<String, String> stores;

    /// In production tables are made by others: here by a process in mode `test`.
    @BeforeAll
    static void start() throws Exception {
        stores = STORES.start();
        var config = new HashMap<>(stores);
        config.put("quarkus.profile", "test");
        config.put("meridian.tables.prefix", PREFIX);
        config.put("meridian.region", "eu-central-1");
        config.put("meridian.sample-data.enabled", "false");
        try (var service = ServiceProcess.serve(config)) {
            assertEquals(200, service.send("GET", CALL, null).statusCode());
        }
    }

    @AfterAll
    static void stop() {
        STORES.stop();
    }

    private static SigningDynamo dynamo(CredentialServer source) throws IOException {
        return new SigningDynamo(source, Optional.of(stores.get("quarkus.dynamodb.endpoint-override")));
    }

    /// Without a home, as in the image.
    private static ServiceProcess serve(String dynamo, Map<String, String> variables)
            throws IOException, InterruptedException {
        var config = new HashMap<>(ServiceProcess.production(stores, PREFIX, stores.get("meridian.sql.writer-url")));
        config.keySet().removeIf(key -> key.startsWith("aws."));
        config.put("quarkus.dynamodb.endpoint-override", dynamo);
        config.put("user.home", "?");
        var all = new HashMap<>(variables);
        all.put("HOME", "/nonexistent");
        return ServiceProcess.serve(config, all);
    }

    private String file(String token) throws IOException {
        var next = Files.writeString(folder.resolve("next"), token);
        var file = folder.resolve("token");
        return Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE)
                .toString();
    }

    private static int status(ServiceProcess service) throws IOException, InterruptedException {
        return service.send("GET", CALL, null).statusCode();
    }

    private static void assertWorks(ServiceProcess service) {
        await().atMost(LIMIT).until(() -> status(service) == 200);
    }

    private static void assertUnavailable(ServiceProcess service) throws IOException, InterruptedException {
        var answer = service.send("GET", CALL, null);
        assertEquals(503, answer.statusCode(), answer::body);
        assertTrue(answer.body().contains("There are no AWS credentials."), answer::body);
        assertTrue(answer.headers().firstValue("Retry-After").isPresent());
    }

    private static long lines(ServiceProcess service, String text) {
        return service.log().lines().filter(line -> line.contains(text)).count();
    }

    @Test
    void onEcsTheTokenGivesThemAndWhatTheStoreRefusesIsRenewed() throws Exception {
        try (var source = new CredentialServer(TOKEN);
                var dynamo = dynamo(source);
                var service = serve(dynamo.url(), source.ofEcs())) {
            assertWorks(service);
            assertEquals(1, source.given());
            source.revoke(dynamo.keys().getFirst());
            await().atMost(LIMIT).pollDelay(Duration.ZERO).until(() -> {
                var answer = service.send("GET", CALL, null);
                assertTrue(answer.statusCode() == 200 || answer.statusCode() == 503, answer::body);
                return answer.statusCode() == 200 && dynamo.keys().size() == 2;
            });
            // Of requests; the heartbeats say by themselves that they fail.
            assertEquals(
                    1,
                    lines(service, "STORE_UNAVAILABLE: DynamoDB refuses this service: UnrecognizedClientException"),
                    service::log);
            assertTrue(source.given() < 10, () -> source.given() + " for one refusal");
        }
    }

    @Test
    void withPodIdentityNoRequestFailsWhileKeysAndTokenChange() throws Exception {
        try (var source = new CredentialServer(TOKEN);
                var dynamo = dynamo(source)) {
            source.lifetime(LIFETIME);
            try (var service = serve(dynamo.url(), source.ofPodIdentity(file(TOKEN)))) {
                warm(service, dynamo);
                file("another");
                source.wants("another");
                goesOn(service, dynamo);
            }
        }
    }

    /// Cold, a source may take longer than its keys live.
    private static void warm(ServiceProcess service, SigningDynamo dynamo) {
        await().atMost(LIMIT)
                .until(() -> status(service) == 200 && dynamo.keys().size() >= 2);
    }

    /// Until two more keys have been used.
    private static void goesOn(ServiceProcess service, SigningDynamo dynamo) {
        var refused = dynamo.refused();
        int keys = dynamo.keys().size();
        await().atMost(LIMIT).pollDelay(Duration.ZERO).until(() -> {
            assertEquals(200, status(service), service::log);
            return dynamo.keys().size() >= keys + 2;
        });
        assertEquals(refused, dynamo.refused());
    }

    @Test
    void irsaIsAskedAgainAfterARefusalThatTheLogNamesOnce() throws Exception {
        try (var source = new CredentialServer(TOKEN);
                var dynamo = dynamo(source)) {
            source.refuse(403, "AccessDenied");
            source.lifetime(LIFETIME);
            try (var service = serve(dynamo.url(), source.ofIrsa(file(TOKEN)))) {
                await().atMost(LIMIT).until(() -> source.asked() >= 3);
                for (int i = 0; i < 20; i++) assertUnavailable(service);
                assertEquals(1, lines(service, "AccessDenied"), service::log);
                source.pass();
                warm(service, dynamo);
                goesOn(service, dynamo);
            }
        }
    }

    @Test
    void aSourceThatIsAwayOrHangsStopsNothingElse() throws Exception {
        try (var source = new CredentialServer(TOKEN);
                var dynamo = dynamo(source);
                var network = new TcpProxy("127.0.0.1", source.port())) {
            network.cut();
            var variables = new HashMap<>(source.ofEcs());
            variables.put("AWS_CONTAINER_SERVICE_ENDPOINT", "http://127.0.0.1:" + network.port());
            try (var service = serve(dynamo.url(), variables)) {
                assertServesTheRest(service);
                network.pass();
                source.hang();
                await().atMost(LIMIT).until(() -> source.asked() > 0);
                assertServesTheRest(service);
                // Five seconds after its start it is ready; here it is late at most.
                await().atMost(LIMIT)
                        .until(() -> service.manage("/q/health/ready").statusCode() == 200);
                assertEquals(0, source.given());
                assertServesTheRest(service);
                source.pass();
                assertWorks(service);
            }
        }
    }

    private static void assertServesTheRest(ServiceProcess service) throws IOException, InterruptedException {
        for (int i = 0; i < 10; i++) {
            assertUnavailable(service);
            assertEquals(200, service.manage("/q/health/live").statusCode());
            assertEquals(200, service.send("GET", "/topology", null).statusCode());
        }
    }
}
