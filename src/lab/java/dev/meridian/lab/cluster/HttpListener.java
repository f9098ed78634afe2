package dev.meridian.lab.cluster;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A small HTTP/1.1 server on loopback, one virtual thread for each connection.
final class HttpListener implements AutoCloseable {
    /// The request handler.
    interface Handler {
        /// @throws IOException when there is no response: the connection is reset
        Message answer(Message request) throws IOException;
    }

    private final ServerSocket server;
    private final Handler handler;
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

    /// @param port 0 for any free one
    HttpListener(int port, Handler handler) throws IOException {
        this.handler = handler;
        server = new ServerSocket(port, 1024, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("http-accept").start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                clients.add(client);
                Thread.ofVirtual().name("http").start(() -> serve(client));
            } catch (IOException _) {
                // Closed, or a client that went away before it was accepted.
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            var in = new BufferedInputStream(client.getInputStream(), 16 * 1024);
            var out = client.getOutputStream();
            for (var request = Message.request(in); request != null; request = Message.request(in)) {
                handler.answer(request).write(out, request.method());
                if (request.closes()) return;
            }
        } catch (IOException | RuntimeException _) {
            reset(client);
        } finally {
            clients.remove(client);
        }
    }

    private static void reset(Socket client) {
        try {
            client.setSoLinger(true, 0);
        } catch (IOException _) {
            // It is closed already.
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException _) {
            // It is closed either way.
        }
        for (var client : clients) {
            try {
                client.close();
            } catch (IOException _) {
                // It is closed either way.
            }
        }
    }
}
