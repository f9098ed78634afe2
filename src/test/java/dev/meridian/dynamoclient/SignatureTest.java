package dev.meridian.dynamoclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.signer.Aws4Signer;
import software.amazon.awssdk.auth.signer.params.Aws4SignerParams;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;

/// Requests are signed as the SDK signs them.
///
/// Not with the SDK's newer signer: that signs one more header, `x-amz-content-sha256`, which DynamoDB does not
/// need.
@SuppressWarnings("deprecation")
class SignatureTest {
    private static final int REQUESTS = 1000;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final List<AwsCredentials> CREDENTIALS = List.of(
            AwsBasicCredentials.create("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            AwsSessionCredentials.create("ASIAEXAMPLE", "secret", "to/ken+="),
            AwsSessionCredentials.create("ASIAEXAMPLE", "secret", "x".repeat(2000)));
    private static final List<String> HOSTS =
            List.of("dynamodb.eu-west-1.amazonaws.com", "localhost:8000", "127.0.0.1:40000");

    private final long seed = Long.getLong("same.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private AwsCredentials current;

    @Test
    void signaturesAreTheSame() {
        System.out.printf("signatures: %d, seed %d%n", REQUESTS, seed);
        var regions = List.of(Region.EU_WEST_1, Region.US_EAST_1, Region.CN_NORTH_1);
        for (var host : HOSTS) {
            for (var region : regions) {
                // One signer for changing credentials, as an event loop has it.
                var signer = new Signer(host, region.id(), () -> current, new ServerClock(System::currentTimeMillis));
                for (var i = 0; i < REQUESTS / HOSTS.size() / regions.size(); i++) {
                    current = CREDENTIALS.get(random.nextInt(CREDENTIALS.size()));
                    compare(signer, host, region);
                }
            }
        }
    }

    /// The key of yesterday signs nothing, and what is known of DynamoDB's clock counts.
    @Test
    void theDayChangesUnderAKeyInUse() {
        var now = new AtomicLong();
        var clock = new ServerClock(now::get);
        current = CREDENTIALS.get(1);
        var signer = new Signer(HOSTS.getFirst(), Region.EU_WEST_1.id(), () -> current, clock);
        var midnight = Instant.parse("2026-12-31T00:00:00Z").plus(Duration.ofDays(1));
        for (var at : List.of(-1500L, -999L, -1L, 0L, 1L, 1000L, 86_399_999L, 86_400_000L)) {
            now.set(midnight.toEpochMilli() + at);
            compare(signer, HOSTS.getFirst(), Region.EU_WEST_1);
            assertEquals(
                    TIME.format(Instant.ofEpochMilli(now.get())),
                    signer.sign("t", new byte[0], 0).time());
        }
        // Across midnight, back and forth.
        for (var ahead : List.of(
                -Duration.ofHours(30).toMillis(), 0L, Duration.ofHours(30).toMillis())) {
            clock.correct(Instant.ofEpochMilli(now.get() + ahead));
            compare(signer, HOSTS.getFirst(), Region.EU_WEST_1);
            var signed = signer.sign("t", new byte[0], 0);
            assertEquals(TIME.format(Instant.ofEpochMilli(now.get() + ahead)), signed.time());
            assertEquals(ahead, signed.aheadMillis());
        }
    }

    private void compare(Signer signer, String host, Region region) {
        var body = new byte[random.nextInt(50) == 0 ? 400_000 : random.nextInt(300)];
        random.nextBytes(body);
        var used = random.nextInt(body.length + 1);
        var target = "DynamoDB_20120810."
                + Operation.all()
                        .get(random.nextInt(10))
                        .request()
                        .getSimpleName()
                        .replace("Request", "");
        var ours = signer.sign(target, body, used);
        var request = SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(URI.create((host.contains(":") ? "http://" : "https://") + host + "/"))
                .putHeader("content-type", "application/x-amz-json-1.0")
                .putHeader("x-amz-target", target)
                .contentStreamProvider(() -> new ByteArrayInputStream(body, 0, used))
                .build();
        var theirs = Aws4Signer.create()
                .sign(
                        request,
                        Aws4SignerParams.builder()
                                .awsCredentials(current)
                                .signingName("dynamodb")
                                .signingRegion(region)
                                .signingClockOverride(
                                        Clock.fixed(TIME.parse(ours.time(), Instant::from), ZoneOffset.UTC))
                                .build());
        assertEquals(
                theirs.firstMatchingHeader("Authorization").orElseThrow(), ours.authorization(), () -> "seed " + seed);
        assertEquals(theirs.firstMatchingHeader("X-Amz-Security-Token").orElse(null), ours.token());
    }

    /// What arrives is what was signed.
    @Test
    void theSignedHeadersAreSent() {
        for (var credentials : CREDENTIALS) {
            try (var server = new WireServer();
                    var client = server.client(credentials)) {
                client.getItem(GetItemRequest.builder().tableName("t").build()).join();
                var body = server.body();
                current = credentials;
                var endpoint = server.endpoint();
                var again = SdkHttpFullRequest.builder()
                        .method(SdkHttpMethod.POST)
                        .uri(endpoint.resolve("/"))
                        .putHeader("content-type", server.header("content-type"))
                        .putHeader("x-amz-target", server.header("x-amz-target"))
                        .contentStreamProvider(() -> new ByteArrayInputStream(body))
                        .build();
                var theirs = Aws4Signer.create()
                        .sign(
                                again,
                                Aws4SignerParams.builder()
                                        .awsCredentials(credentials)
                                        .signingName("dynamodb")
                                        .signingRegion(Region.EU_WEST_1)
                                        .signingClockOverride(Clock.fixed(
                                                TIME.parse(server.header("x-amz-date"), Instant::from), ZoneOffset.UTC))
                                        .build());
                for (var header : List.of("authorization", "host", "x-amz-security-token")) {
                    assertEquals(theirs.firstMatchingHeader(header).orElse(null), server.header(header), header);
                }
            }
        }
    }

    /// Without credentials nothing is sent, and the caller learns why.
    @Test
    void aCallWithoutCredentialsFails() {
        try (var server = new WireServer();
                var client = server.client(() -> {
                    throw SdkClientException.create("none yet");
                })) {
            for (var i = 0; i < 20; i++) {
                var failure = assertThrows(
                        CompletionException.class,
                        () -> client.getItem(GetItemRequest.builder().build()).join());
                assertEquals(
                        "none yet",
                        assertInstanceOf(SdkClientException.class, failure.getCause())
                                .getMessage());
            }
            assertEquals(null, server.body());
        }
    }
}
