package dev.meridian.dynamo;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.meridian.dynamoclient.ClientSettings;
import dev.meridian.dynamoclient.DynamoClient;
import dev.meridian.dynamoclient.NotSentException;
import dev.meridian.dynamoclient.SdkWire;
import dev.meridian.shared.ProblemException;
import dev.meridian.testing.RawHttpServer;
import io.opentelemetry.api.OpenTelemetry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.regions.Region;

/// Our client in place of the SDK's.
class OwnClientsTest {
    private static final List<String> REGIONS = List.of(
            "eu-west-1",
            "us-east-1",
            "ap-southeast-4",
            "il-central-1",
            "mx-central-1",
            "us-gov-west-1",
            "us-gov-east-1",
            "cn-north-1",
            "cn-northwest-1",
            "ca-central-1");

    /// Those of the account are not asked for: they need a Region's rules and the account's id.
    @Test
    void theEndpointIsThatOfTheSdk() {
        compare(REGIONS, Map.of());
        compare(List.of("eu-west-1", "us-east-1", "cn-north-1"), Map.of("aws.useDualstackEndpoint", "true"));
        compare(List.of("us-east-1", "us-west-2", "us-gov-west-1"), Map.of("aws.useFipsEndpoint", "true"));
    }

    private static void compare(List<String> regions, Map<String, String> switches) {
        switches.forEach(System::setProperty);
        try {
            for (var region : regions) {
                var wire = new SdkWire();
                try (var client = wire.client().region(Region.of(region)).build()) {
                    client.getItem(r -> r.tableName("t")).join();
                }
                assertEquals(
                        URI.create("https://" + wire.uri().getHost()), OwnClients.regional(region), region + switches);
            }
        } finally {
            switches.keySet().forEach(System::clearProperty);
        }
    }

    /// The time of a call is over while it waits for the end of another one: nothing was sent, and the Region
    /// is not to blame.
    @Test
    void aCallThatWaitsInVainWasNotSent() throws Exception {
        var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        var limit = Duration.ofSeconds(10);
        try (var server = new RawHttpServer(RawHttpServer::hang)) {
            var endpoint = URI.create("http://127.0.0.1:" + server.port());
            var settings = new ClientSettings(endpoint, "eu-west-1", 1, 1, limit, limit, limit);
            try (var client = new DynamoClient(
                    vertx,
                    settings,
                    () -> AwsBasicCredentials.create("a", "b"),
                    OpenTelemetry.noop().getTracer("test"))) {
                var hangs = client.getItem(r -> r.tableName("t"));
                await().atMost(limit).until(() -> server.accepted() == 1);
                var ended = new CompletableFuture<Throwable>();
                vertx.getOrCreateContext()
                        .runOnContext(_ -> TestDynamo.over(client)
                                .once("like-add", own -> own.getItem(r -> r.tableName("t")))
                                .subscribe()
                                .with(_ -> ended.complete(null), ended::complete));
                var problem = assertInstanceOf(ProblemException.class, ended.get(10, TimeUnit.SECONDS));
                assertEquals(DynamoError.BUSY, DynamoError.of(problem.getCause()));
                hangs.cancel(false);
            }
        } finally {
            vertx.close();
        }
    }

    @Test
    void aCallThatFindsNobodyWasNotSent() throws Exception {
        int port;
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        var vertx = Vertx.vertx();
        var limit = Duration.ofSeconds(10);
        var settings =
                new ClientSettings(URI.create("http://127.0.0.1:" + port), "eu-west-1", 1, 1, limit, limit, limit);
        try (var client = new DynamoClient(
                vertx,
                settings,
                () -> AwsBasicCredentials.create("a", "b"),
                OpenTelemetry.noop().getTracer("test"))) {
            var failure = assertThrows(
                    CompletionException.class,
                    () -> client.getItem(r -> r.tableName("t")).join());
            var notSent = assertInstanceOf(NotSentException.class, failure.getCause());
            assertEquals(NotSentException.Reason.UNREACHABLE, notSent.reason());
            assertFalse(Dynamo.isStale(notSent), "that is no reason to try at once");
        } finally {
            vertx.close();
        }
    }
}
