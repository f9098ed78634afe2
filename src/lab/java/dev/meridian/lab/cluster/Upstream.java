package dev.meridian.lab.cluster;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;

/// Sends requests to one server on loopback, over keep-alive connections. Never sends a request twice.
public final class Upstream implements AutoCloseable {
    private static final int CONNECT_MILLIS = 2_000;
    /// Well below the idle timeout of every server here.
    private static final long IDLE_NANOS = Duration.ofSeconds(5).toNanos();

    private record Connection(Socket socket, BufferedInputStream in, long usedAt) {}

    private final int port;
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();

    /// @param port on this machine
    public Upstream(int port) {
        this.port = port;
    }

    /// @param timeout of each read
    /// @throws java.net.ConnectException when the request was certainly not sent
    public Message exchange(Message request, Duration timeout) throws IOException {
        var connection = connection();
        try {
            connection.socket.setSoTimeout((int) timeout.toMillis());
            request.write(connection.socket.getOutputStream(), null);
            var answer = Message.answer(connection.in, request.method());
            if (answer.closes()) connection.socket.close();
            else idle.push(new Connection(connection.socket, connection.in, System.nanoTime()));
            return answer;
        } catch (IOException | RuntimeException e) {
            connection.socket.close();
            throw e;
        }
    }

    private Connection connection() throws IOException {
        for (var kept = idle.poll(); kept != null; kept = idle.poll()) {
            if (System.nanoTime() - kept.usedAt < IDLE_NANOS) return kept;
            kept.socket.close();
        }
        var socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
        socket.setTcpNoDelay(true);
        return new Connection(socket, new BufferedInputStream(socket.getInputStream(), 16 * 1024), 0);
    }

    @Override
    public void close() {
        for (var kept = idle.poll(); kept != null; kept = idle.poll()) {
            try {
                kept.socket.close();
            } catch (IOException _) {
                // It is closed anyway.
            }
        }
    }
}
