package dev.meridian.lab.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
            var within = new ArrayList<Future<Duration>>();
            var across = new ArrayList<Future<Duration>>();
            for (int region = 0; region < 2; region++) {
                within.add(threads.submit(time(links, region, region)));
                across.add(threads.submit(time(links, region, 1 - region)));
                across.add(threads.submit(time(links.replicationPort(region))));
            }
            for (var time : within) assertTrue(time.get().compareTo(ROUND_TRIP) < 0, time.get()::toString);
            // Connecting takes one, the answer the other.
            for (var time : across) {
                assertTrue(time.get().compareTo(ROUND_TRIP.multipliedBy(2)) >= 0, time.get()::toString);
            }
        }
    }
}
