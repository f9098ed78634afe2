package dev.meridian.sqlpool;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A TCP proxy on loopback that can hang (open connections stay, new ones are accepted, no byte passes) or cut.
public final class TcpProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 16_384;

    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile InetSocketAddress target;
    private boolean hanging;

    public TcpProxy(int targetPort) throws IOException {
        server = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
        retarget(targetPort);
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    public String url() {
        return "postgresql://127.0.0.1:" + port() + "/postgres";
    }

    /// Connections so far.
    public int accepted() {
        return accepted.get();
    }

    /// Client connections that the client has not closed, as far as the proxy has read.
    public long open() {
        return sockets.stream().filter(socket -> !socket.isClosed()).count();
    }

    /// Where new connections lead, like a name that resolves to another address.
    public void retarget(int port) {
        target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    public synchronized void hang() {
        hanging = true;
    }

    public synchronized void resume() {
        hanging = false;
        notifyAll();
    }

    /// Resets all connections.
    public void cut() {
        sockets.forEach(TcpProxy::reset);
        sockets.clear();
    }

    @Override
    public void close() throws IOException {
        server.close();
        resume();
        cut();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                accepted.incrementAndGet();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        var upstream = new Socket();
        sockets.add(client);
        sockets.add(upstream);
        try {
            upstream.connect(target);
            Thread.ofVirtual().start(() -> pump(client, upstream));
            pump(upstream, client);
        } catch (IOException _) {
            reset(client);
        } finally {
            sockets.remove(client);
            sockets.remove(upstream);
        }
    }

    private void pump(Socket from, Socket to) {
        var buffer = new byte[BUFFER_BYTES];
        try (from;
                to) {
            var in = from.getInputStream();
            var out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                awaitFlow();
                out.write(buffer, 0, n);
            }
            awaitFlow();
        } catch (IOException | InterruptedException _) {
            // Closed at one end: the other follows.
        }
    }

    private synchronized void awaitFlow() throws InterruptedException {
        while (hanging) wait();
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException _) {
            // Gone already.
        }
    }
}
