package dev.meridian.aws;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.testing.CredentialServer;
import dev.meridian.testing.DynamoLocal;
import dev.meridian.testing.SigningDynamo;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/// Where credentials come from, and that calls never wait for them, with the SDK's client and stand-ins that
/// check keys and signatures. System properties stand for the variables that [CredentialsIT] sets.
class HeldCredentialsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String TOKEN = "a token/of this test+only==";
    /// The SDK's system property for each variable.
    private static final Map<String, String> PROPERTIES = Map.of(
            "AWS_CONTAINER_SERVICE_ENDPOINT", "aws.containerServiceEndpoint",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "aws.containerCredentialsPath",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN", "aws.containerAuthorizationToken",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI", "aws.containerCredentialsFullUri",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "aws.containerAuthorizationTokenFile",
            "AWS_ENDPOINT_URL_STS", "aws.endpointUrlSts",
            "AWS_REGION", "aws.region",
            "AWS_ROLE_ARN", "aws.roleArn",
            "AWS_WEB_IDENTITY_TOKEN_FILE", "aws.webIdentityTokenFile");

    @TempDir
    Path folder;

    private static Vertx vertx;

    private final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @AfterEach
    void end() throws Exception {
        PROPERTIES.values().forEach(System::clearProperty);
        for (var each : open.reversed()) each.close();
    }

    private <T extends AutoCloseable> T closed(T opened) {
        open.add(opened);
        return opened;
    }

    private HeldCredentials credentials(Map<String, String> variables, String... settings) {
        variables.forEach((name, value) -> System.setProperty(PROPERTIES.get(name), value));
        var held =
                TestCredentials.of(vertx, settings.length == 0 ? Map.of() : Map.of(settings[0], settings[1]), log::add);
        open.add(held::close);
        return held;
    }

    private DynamoDbAsyncClient client(HeldCredentials held, SigningDynamo dynamo) {
        return closed(DynamoDbAsyncClient.builder()
                .endpointOverride(URI.create(dynamo.url()))
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(held)
                .overrideConfiguration(c -> c.retryStrategy(DynamoLocal.ONLY_CLOSED_CONNECTIONS))
                .httpClient(DynamoLocal.CONNECTIONS)
                .build());
    }

    private static void call(DynamoDbAsyncClient client) {
        client.describeTable(r -> r.tableName("t")).join();
    }

    private static void awaitFirst(HeldCredentials held) {
        await().atMost(LIMIT)
                .ignoreException(NoCredentialsException.class)
                .until(() -> held.resolveCredentials() != null);
    }

    private String file(String token) throws IOException {
        var next = Files.writeString(folder.resolve("next"), token);
        return Files.move(
                        next,
                        folder.resolve("token"),
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.ATOMIC_MOVE)
                .toString();
    }

    @Test
    void ecsGivesThemForTheToken() throws Exception {
        var source = closed(new CredentialServer(TOKEN));
        var dynamo = closed(new SigningDynamo(source, Optional.empty()));
        var held = credentials(source.ofEcs(), "ready-within", "1m");
        awaitFirst(held);
        call(client(held, dynamo));
        assertEquals(List.of(held.resolveCredentials().accessKeyId()), dynamo.keys());
        assertSame(held.resolveCredentials(), held.resolveCredentials());
        assertEquals(1, source.asked());
    }

    /// Each key lives eight seconds, of which half is the margin of a busy machine. The token in the file changes.
    @Test
    void podIdentityRenewsThemBeforeTheyEndAndReadsItsTokenAnew() throws Exception {
        var source = closed(new CredentialServer(TOKEN));
        renewed(source, source.ofPodIdentity(file(TOKEN)));
    }

    @Test
    void irsaRenewsThemBeforeTheyEndAndReadsItsTokenAnew() throws Exception {
        var source = closed(new CredentialServer(TOKEN));
        renewed(source, source.ofIrsa(file(TOKEN)));
    }

    private void renewed(CredentialServer source, Map<String, String> variables) throws Exception {
        source.lifetime(Duration.ofSeconds(8));
        var dynamo = closed(new SigningDynamo(source, Optional.empty()));
        var held = credentials(variables, "ready-within", "1m");
        awaitFirst(held);
        var client = client(held, dynamo);
        // Cold, a source may take longer than its keys live.
        await().atMost(LIMIT).ignoreException(CompletionException.class).until(() -> used(client, dynamo, 2));
        var before = dynamo.refused();
        file("another");
        source.wants("another");
        await().atMost(LIMIT).pollDelay(Duration.ZERO).until(() -> used(client, dynamo, 4));
        assertEquals(before, dynamo.refused());
    }

    private static boolean used(DynamoDbAsyncClient client, SigningDynamo dynamo, int keys) {
        call(client);
        return dynamo.keys().size() >= keys;
    }

    @Test
    void aSourceThatHangsStopsNoCallAndNoThread() throws Exception {
        var source = closed(new CredentialServer(TOKEN));
        source.hang();
        var dynamo = closed(new SigningDynamo(source, Optional.empty()));
        var held = credentials(source.ofPodIdentity(file(TOKEN)), "ready-within", "1s");
        assertFalse(held.isReady());
        var begun = Instant.now();
        var client = client(held, dynamo);
        var failed = client.describeTable(r -> r.tableName("t"));
        assertTrue(failed.isCompletedExceptionally(), "the caller's thread has its answer at once");
        assertThrows(NoCredentialsException.class, () -> cause(client));
        await().atMost(LIMIT).until(held::isReady);
        assertTrue(Duration.between(begun, Instant.now()).toMillis() >= 900, "ready too early");
        assertThrows(NoCredentialsException.class, held::resolveCredentials);
        source.pass();
        awaitFirst(held);
        call(client);
    }

    private static void cause(DynamoDbAsyncClient client) throws Throwable {
        try {
            call(client);
        } catch (CompletionException e) {
            throw e.getCause();
        }
    }

    @Test
    void aSourceThatComesLaterIsFound() throws Exception {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var held = credentials(
                Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:" + port + "/v1/credentials"),
                "ready-within",
                "0s");
        await().atMost(LIMIT).until(() -> log.size() == 1);
        assertThrows(NoCredentialsException.class, held::resolveCredentials);
        System.setProperty("aws.containerAuthorizationToken", TOKEN);
        closed(new CredentialServer(TOKEN, port));
        awaitFirst(held);
        assertEquals(1, log.size(), log::toString);
    }

    @Test
    void aRefusalIsOneLineThatNamesItsCode() throws Exception {
        var source = closed(new CredentialServer(TOKEN));
        source.refuse(403, "AccessDenied");
        var held = credentials(source.ofIrsa(file(TOKEN)), "ready-within", "0s");
        await().atMost(LIMIT).until(() -> source.asked() >= 3);
        assertEquals(List.of("there are no AWS credentials: AccessDenied, status 403: not for you"), List.copyOf(log));
        source.pass();
        awaitFirst(held);
    }

    @Test
    void aRefusalOfTheAgentIsOneLineWithItsStatus() throws Exception {
        var source = closed(new CredentialServer(TOKEN));
        source.refuse(403, "AccessDeniedException");
        credentials(source.ofPodIdentity(file(TOKEN)), "ready-within", "0s");
        await().atMost(LIMIT).until(() -> source.asked() >= 3);
        assertEquals(
                List.of("there are no AWS credentials: their source answers 403: AccessDeniedException: not for you"),
                List.copyOf(log));
    }

    @Test
    void whatAServiceRefusesIsRenewedSoonAndOnce() throws Exception {
        var source = closed(new CredentialServer(TOKEN));
        var held = credentials(source.ofEcs(), "ready-within", "1m");
        awaitFirst(held);
        var first = held.resolveCredentials();
        for (int i = 0; i < 100; i++) held.rejected();
        await().atMost(LIMIT).until(() -> held.resolveCredentials() != first);
        assertEquals(2, source.asked());
    }

    /// Whether an end is an end is for the service to say: clocks differ.
    @Test
    void withoutASourceTheOldOnesStay() throws Exception {
        var source = closed(new CredentialServer(TOKEN));
        source.lifetime(Duration.ofSeconds(2));
        var held = credentials(source.ofEcs(), "ready-within", "1m");
        awaitFirst(held);
        var first = held.resolveCredentials();
        source.refuse(500, "Broken");
        await().atMost(LIMIT)
                .until(() -> Instant.now().isAfter(first.expirationTime().orElseThrow()) && !log.isEmpty());
        assertSame(first, held.resolveCredentials());
        assertTrue(log.peek().startsWith("AWS credentials are not renewed: their source answers 500"), log::toString);
        source.lifetime(Duration.ofHours(1));
        source.pass();
        await().atMost(LIMIT).until(() -> held.resolveCredentials() != first);
    }

    /// An agent may answer from a cache of its own.
    @Test
    void aStaleAnswerTakesNothingAwayThatWorks() throws Exception {
        var source = closed(new CredentialServer(TOKEN));
        var held = credentials(source.ofEcs(), "ready-within", "1m");
        awaitFirst(held);
        var first = held.resolveCredentials();
        source.lifetime(Duration.ofMinutes(-1));
        held.rejected();
        await().atMost(LIMIT).until(() -> !log.isEmpty());
        assertEquals("AWS credentials are not renewed: their source gives credentials whose time is over", log.peek());
        assertSame(first, held.resolveCredentials());
    }

    /// A pod that may not have its own role must not get that of its node.
    @Test
    void aSourceThatFailsIsNotFollowedByTheNext() throws Exception {
        var source = closed(new CredentialServer(TOKEN));
        var agent = closed(new CredentialServer(TOKEN));
        source.refuse(403, "AccessDenied");
        agent.ofEcs().forEach((name, value) -> System.setProperty(PROPERTIES.get(name), value));
        var held = credentials(source.ofIrsa(file(TOKEN)), "ready-within", "0s");
        await().atMost(LIMIT).until(() -> source.asked() >= 2);
        assertEquals(0, agent.asked());
        assertThrows(NoCredentialsException.class, held::resolveCredentials);
    }
}
