package dev.meridian.lab.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// What leaves its Region takes a round trip, wherever the writer is; what does not is quick.
class SqlLinksTest {
    private static final Duration ROUND_TRIP = Duration.ofSeconds(1);

    /// A server that sends one byte to whoever has sent one.
    private static ServerSocket server() throws IOException {
        var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (true) {
                try {
                    var client = server.accept();
                    Thread.ofVirtual().start(() -> answer(client));
                } catch (IOException _) {
                    return;
                }
            }
        });
        return server;
    }

    private static void answer(Socket client) {
        try (client) {
            client.getOutputStream().write(client.getInputStream().read());
        } catch (IOException _) {
            // The client went away.
        }
    }

    /// Of a new connection and the first answer on it.
    private static Callable<Duration> time(int port) {
        return () -> {
            long start = System.nanoTime();
            try (var socket = new Socket("127.0.0.1", port)) {
                socket.getOutputStream().write(1);
                assertTrue(socket.getInputStream().read() == 1);
            }
            return Duration.ofNanos(System.nanoTime() - start);
        };
    }

    private static Callable<Duration> time(SqlLinks links, int client, int server) {
        return time(URI.create(links.url(client, server)).getPort());
    }

    @Test
    void theOtherRegionIsARoundTripAway() throws Exception {
        try (var west = server();
                var east = server();
                var links = new SqlLinks(ROUND_TRIP, west.getLocalPort(), east.getLocalPort());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int region = 0; region < 2; region++) {
                var within = threads.submit(time(links, region, region));
                var across = threads.submit(time(links, region, 1 - region));
                var replication = threads.submit(time(links.replicationPort(region)));
                assertTrue(within.get().compareTo(ROUND_TRIP) < 0, within.get()::toString);
                // Connecting takes one, the answer the other.
                assertTrue(across.get().compareTo(ROUND_TRIP.multipliedBy(2)) >= 0, across.get()::toString);
                assertTrue(replication.get().compareTo(ROUND_TRIP.multipliedBy(2)) >= 0, replication.get()::toString);
            }
        }
    }
}
