package dev.meridian.sqlpool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.meridian.testing.PostgresServer;
import dev.meridian.testing.TcpProxy;
import dev.meridian.testing.TestCertificates;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.SslMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A writer with TLS in another Region, with the default limits of the service.
class FarServerTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final PoolLimits DEFAULTS = new PoolLimits(
            Pools.CONNECTIONS, 500, Duration.ofSeconds(3), Duration.ofMillis(400), Duration.ofMillis(250));

    private static TestCertificates certificates;
    private static PostgresServer server;

    @BeforeAll
    static void startServer() throws Exception {
        var folder =
                Path.of("target/local-stores/round-trip-" + System.nanoTime()).toAbsolutePath();
        certificates = TestCertificates.create(folder.resolve("tls"));
        server = PostgresServer.primary(folder.resolve("data"), certificates);
        Pools.prepare(server);
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 170})
    void slowStatementsOnAHealthyWriterFarAwayAreNoReasonToLeaveIt(int millis) throws Exception {
        try (var line = new TcpProxy("127.0.0.1", server.port(), Duration.ofMillis(millis));
                var pools = new Pools(
                        DEFAULTS,
                        Duration.ofSeconds(2),
                        options -> options.setSslMode(SslMode.VERIFY_FULL)
                                .setHostnameVerificationAlgorithm("HTTPS")
                                .setPemTrustOptions(new PemTrustOptions()
                                        .addCertPath(certificates.ca().toString())),
                        PostgresServer.url(line.port()))) {
            // Opens the connections, which takes longer than a statement may.
            together(pools, LIMIT);
            for (int i = 0; i < 2; i++) together(pools, Pools.TIMEOUT);
            assertEquals(0.0, pools.metric("lost", "pool", "writer"), "it was never lost");
            assertEquals(1, pools.changes.size());
        }
    }

    private static void together(Pools pools, Duration timeout) {
        IntStream.range(0, 3)
                .mapToObj(_ -> pools.writer
                        .execute("SELECT pg_sleep(0.6)", Tuple.tuple(), timeout, true)
                        .subscribeAsCompletionStage())
                .toList()
                .forEach(answer -> assertEquals(1, answer.join().size()));
    }
}
