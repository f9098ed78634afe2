package dev.meridian.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A TCP proxy between the service and a store that simulates network faults.
///
/// The mode can change at any time and applies to existing and new connections. Virtual threads copy the bytes,
/// so a few thousand connections are no problem. [#close] ends everything.
public final class TcpProxy implements AutoCloseable {
    /// The mode of the proxy.
    public enum Mode {
        /// Bytes pass through.
        PASS,
        /// Bytes are held back in both directions; connections stay open and new ones are accepted. Back in
        /// PASS the held bytes pass through.
        HANG,
        /// Connections are reset, new ones as soon as they are accepted.
        CUT
    }

    private static final int BUFFER = 16 * 1024;

    private final ServerSocket server;
    private volatile InetSocketAddress target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile Mode mode = Mode.PASS;
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean closed;

    /// A proxy on a free port of the loopback interface.
    public TcpProxy(String targetHost, int targetPort) throws IOException {
        target = new InetSocketAddress(targetHost, targetPort);
        server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("proxy-accept").start(this::accept);
    }

    /// The port that it listens on.
    public int port() {
        return server.getLocalPort();
    }

    /// Sets the target port for new connections, on the loopback interface.
    public void retarget(int port) {
        target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /// The number of open connections.
    public int connections() {
        return sockets.size() / 2;
    }

    /// Lets bytes through, without delay.
    public void pass() {
        become(Mode.PASS, Duration.ZERO);
    }

    /// Lets bytes through with a delay for each chunk (up to 16 KiB), in each direction.
    public void slow(Duration delay) {
        become(Mode.PASS, delay);
    }

    /// Holds all bytes back.
    public void hang() {
        become(Mode.HANG, Duration.ZERO);
    }

    /// Resets all connections, existing and new.
    public void cut() {
        become(Mode.CUT, Duration.ZERO);
        sockets.forEach(TcpProxy::reset);
    }

    /// Resets the existing connections; new ones are served.
    public void resetConnections() {
        sockets.forEach(TcpProxy::reset);
    }

    private void become(Mode mode, Duration delay) {
        lock.lock();
        try {
            this.mode = mode;
            this.delay = delay;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!closed) {
            try {
                var client = server.accept();
                if (mode == Mode.CUT) {
                    reset(client);
                } else {
                    sockets.add(client);
                    Thread.ofVirtual().name("proxy-connect").start(() -> serve(client));
                }
            } catch (IOException _) {
                // Closed, or a client that went away before it was accepted.
            }
        }
    }

    private void serve(Socket client) {
        var store = new Socket();
        try {
            awaitPass();
            store.connect(target, 10_000);
            client.setTcpNoDelay(true);
            store.setTcpNoDelay(true);
            sockets.add(store);
            if (mode == Mode.CUT) throw new IOException("cut");
            Thread.ofVirtual().name("proxy-to-store").start(() -> carry(client, store));
            carry(store, client);
        } catch (IOException | InterruptedException _) {
            end(client, store);
        }
    }

    private void carry(Socket from, Socket to) {
        var buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                awaitPass();
                if (!delay.isZero()) Thread.sleep(delay);
                out.write(buffer, 0, n);
                out.flush();
            }
            awaitPass();
        } catch (IOException | InterruptedException _) {
            // Either side went away: both end.
        } finally {
            end(from, to);
        }
    }

    private void awaitPass() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (mode == Mode.HANG && !closed) changed.await();
        } finally {
            lock.unlock();
        }
    }

    private void end(Socket a, Socket b) {
        for (var socket : new Socket[] {a, b}) {
            sockets.remove(socket);
            try {
                socket.close();
            } catch (IOException _) {
                // It is closed anyway.
            }
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException _) {
            // It is closed anyway.
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        cut();
    }
}
