package dev.meridian.testing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// [TcpProxy] in front of a server that sends back what it gets.
class TcpProxyTest {
    private static final Duration ROUND_TRIP = Duration.ofMillis(200);
    /// For a busy machine.
    private static final int SLACK = 15;
    private static final int LONG = 32 * 1024 * 1024;

    private final AtomicLong echoed = new AtomicLong();
    private ServerSocket server;
    private TcpProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        proxy = new TcpProxy("127.0.0.1", server.getLocalPort(), ROUND_TRIP);
        Thread.ofVirtual().start(() -> {
            while (true) {
                try {
                    var client = server.accept();
                    Thread.ofVirtual().start(() -> echo(client));
                } catch (IOException _) {
                    return;
                }
            }
        });
    }

    @AfterEach
    void end() throws IOException {
        proxy.close();
        server.close();
    }

    private void echo(Socket client) {
        try (client) {
            var buffer = new byte[16 * 1024];
            for (int n = client.getInputStream().read(buffer);
                    n >= 0;
                    n = client.getInputStream().read(buffer)) {
                echoed.addAndGet(n);
                client.getOutputStream().write(buffer, 0, n);
            }
        } catch (IOException _) {
            // The client went away.
        }
    }

    private Socket connected() throws IOException {
        var socket = new Socket("127.0.0.1", proxy.port());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static long ask(Socket socket) throws IOException {
        long start = System.nanoTime();
        socket.getOutputStream().write(7);
        assertEquals(7, socket.getInputStream().read());
        return System.nanoTime() - start;
    }

    private static void assertRoundTrips(int least, long nanos) {
        double roundTrips = nanos / (double) ROUND_TRIP.toNanos();
        assertTrue(least <= roundTrips && roundTrips < least + SLACK, roundTrips + " round trips");
    }

    @Test
    void connectingTakesARoundTripAndAnAnswerAnother() throws IOException {
        try (var socket = connected()) {
            assertRoundTrips(2, ask(socket));
            assertRoundTrips(1, ask(socket));
            assertRoundTrips(1, ask(socket));
        }
    }

    /// A proxy that throttles would take half a round trip for each.
    @Test
    void manyPiecesAreOnTheirWayAtOnceAndArriveInOrder() throws IOException {
        int pieces = 100;
        var piece = new byte[16 * 1024];
        try (var socket = connected()) {
            ask(socket);
            long start = System.nanoTime();
            Thread.ofVirtual().start(() -> send(socket, piece, pieces, new AtomicLong()));
            assertInOrder(socket, (long) pieces * piece.length);
            assertRoundTrips(1, System.nanoTime() - start);
        }
    }

    /// Each byte is its number, modulo a prime.
    private static void send(Socket socket, byte[] piece, int pieces, AtomicLong sent) {
        try {
            for (int i = 0; i < pieces; i++) {
                for (int j = 0; j < piece.length; j++) piece[j] = (byte) ((sent.get() + j) % 251);
                socket.getOutputStream().write(piece);
                sent.addAndGet(piece.length);
            }
        } catch (IOException _) {
            // The test has ended.
        }
    }

    private static void assertInOrder(Socket socket, long bytes) throws IOException {
        var in = new DataInputStream(socket.getInputStream());
        var piece = new byte[16 * 1024];
        for (long read = 0; read < bytes; read += piece.length) {
            in.readFully(piece);
            for (int j = 0; j < piece.length; j++) {
                if (piece[j] != (byte) ((read + j) % 251)) throw new AssertionError("byte " + (read + j));
            }
        }
    }

    @Test
    void whatIsHeldBackIsBounded() throws IOException {
        proxy.hang();
        try (var socket = connected()) {
            var sent = new AtomicLong();
            var sender = Thread.ofVirtual().start(() -> send(socket, new byte[16 * 1024], LONG / (16 * 1024), sent));
            var last = new AtomicLong(-1);
            await().pollInterval(Duration.ofMillis(300)).until(() -> last.getAndSet(sent.get()) == sent.get());
            assertTrue(sent.get() < LONG, sent.get() + " bytes");
            assertTrue(sender.isAlive());
            proxy.pass();
            assertInOrder(socket, LONG);
        }
    }

    @Test
    void aHangingProxyAcceptsAndKeepsConnections() throws IOException {
        try (var old = connected()) {
            ask(old);
            proxy.hang();
            try (var fresh = connected()) {
                for (var socket : new Socket[] {old, fresh}) {
                    socket.getOutputStream().write(7);
                    socket.setSoTimeout(2 * (int) ROUND_TRIP.toMillis());
                    assertThrows(
                            SocketTimeoutException.class,
                            () -> socket.getInputStream().read());
                    socket.setSoTimeout(10_000);
                }
                proxy.pass();
                assertEquals(7, old.getInputStream().read());
                assertEquals(7, fresh.getInputStream().read());
                assertEquals(2, proxy.connections());
            }
        }
        await().until(() -> proxy.connections() == 0);
    }

    @Test
    void aSlowProxyAddsToTheRoundTripUntilItPasses() throws IOException {
        try (var socket = connected()) {
            ask(socket);
            proxy.slow(ROUND_TRIP);
            assertRoundTrips(3, ask(socket));
            proxy.pass();
            assertRoundTrips(1, ask(socket));
        }
    }

    @Test
    void aCutProxyResetsOldAndNewConnections() throws IOException {
        try (var old = connected()) {
            ask(old);
            proxy.cut();
            assertThrows(IOException.class, () -> ask(old));
            assertThrows(IOException.class, () -> ask(connected()));
            proxy.pass();
            try (var fresh = connected()) {
                ask(fresh);
            }
        }
    }

    @Test
    void resetConnectionsLeaveNewOnesAlone() throws IOException {
        try (var old = connected();
                var _ = connected()) {
            ask(old);
            proxy.resetConnections();
            assertThrows(IOException.class, () -> ask(old));
            try (var fresh = connected()) {
                ask(fresh);
            }
        }
    }

    @Test
    void theEndOfAConnectionArrivesAfterItsLastBytes() throws IOException {
        try (var own = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            proxy.retarget(own.getLocalPort());
            try (var client = connected()) {
                client.getOutputStream().write(new byte[] {1, 2, 3});
            }
            try (var accepted = own.accept()) {
                assertEquals(3, accepted.getInputStream().readAllBytes().length);
            }
        }
        await().until(() -> proxy.connections() == 0);
    }

    /// What is asked arrives, and its answer is held back until the proxy passes again.
    @Test
    void answersAreLostAndQuestionsArrive() throws IOException {
        try (var socket = connected()) {
            ask(socket);
            proxy.loseAnswers();
            long before = echoed.get();
            socket.getOutputStream().write(8);
            await().until(() -> echoed.get() == before + 1);
            socket.setSoTimeout(500);
            assertThrows(
                    SocketTimeoutException.class, () -> socket.getInputStream().read());
            proxy.pass();
            socket.setSoTimeout(10_000);
            assertEquals(8, socket.getInputStream().read());
        }
    }
}
