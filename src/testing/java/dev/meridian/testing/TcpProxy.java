package dev.meridian.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A TCP proxy between the service and a store: a network with a round trip, and with faults.
///
/// It delays, and does not throttle: bytes go on in order, each half a round trip after it came. The first bytes
/// of a connection wait for a whole round trip before that, as for TCP's handshake, although `connect` itself
/// returns immediately.
///
/// The mode can change at any time and applies to existing and new connections. Virtual threads copy the bytes,
/// four for each connection. [#close] ends everything.
public final class TcpProxy implements AutoCloseable {
    /// The mode of the proxy.
    public enum Mode {
        /// Bytes pass through.
        PASS,
        /// Bytes are held back in both directions; connections stay open and new ones are accepted. Back in
        /// PASS the held bytes pass through.
        HANG,
        /// Bytes to the target pass through, and those from it are held back: what was asked is done, and times
        /// out. Back in PASS the held bytes pass through.
        LOSE_ANSWERS,
        /// Connections are reset, new ones as soon as they are accepted.
        CUT
    }

    private static final int BUFFER = 16 * 1024;
    /// The most that is on its way in one direction of a connection; its sender waits then.
    private static final int IN_FLIGHT_MAX = 2 * 1024 * 1024;
    /// What a piece takes up beside its bytes.
    private static final int PIECE = 64;

    private final ServerSocket server;
    private final Duration roundTrip;
    private volatile InetSocketAddress target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile Mode mode = Mode.PASS;
    /// Beyond the round trip, in each direction.
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean closed;

    /// A proxy on a free port of the loopback interface, without a round trip.
    public TcpProxy(String targetHost, int targetPort) throws IOException {
        this(targetHost, targetPort, Duration.ZERO);
    }

    /// A proxy on a free port of the loopback interface.
    ///
    /// @param roundTrip the time from a request to its answer when the target takes no time
    public TcpProxy(String targetHost, int targetPort, Duration roundTrip) throws IOException {
        this.roundTrip = roundTrip;
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

    /// Lets bytes through, with the round trip alone.
    public void pass() {
        become(Mode.PASS, Duration.ZERO);
    }

    /// Lets bytes through, each with a delay beyond the round trip, in each direction.
    public void slow(Duration delay) {
        become(Mode.PASS, delay);
    }

    /// Holds all bytes back.
    public void hang() {
        become(Mode.HANG, Duration.ZERO);
    }

    /// Holds back what comes from the target.
    public void loseAnswers() {
        become(Mode.LOSE_ANSWERS, Duration.ZERO);
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
            await(System.nanoTime(), 2, false);
            store.connect(target, 10_000);
            client.setTcpNoDelay(true);
            store.setTcpNoDelay(true);
            sockets.add(store);
            if (mode == Mode.CUT) throw new IOException("cut");
            new Line(client, store, false).start();
            new Line(store, client, true).start();
        } catch (IOException | InterruptedException _) {
            end(client);
            end(store);
        }
    }

    /// Waits for the time on the way, and for as long as the proxy hangs.
    ///
    /// @param since when the bytes came
    /// @param ways 1 for one direction, 2 for a whole round trip
    /// @param isAnswer whether they come from the target
    private void await(long since, int ways, boolean isAnswer) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed && mode != Mode.CUT) {
                long left = since + ways * (roundTrip.toNanos() / 2 + delay.toNanos()) - System.nanoTime();
                if (mode == Mode.HANG || mode == Mode.LOSE_ANSWERS && isAnswer) changed.await();
                else if (left <= 0) return;
                else changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void end(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException _) {
            // It is closed anyway.
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

    /// Bytes that came together; none at the end of a connection.
    private record Piece(byte[] bytes, long since) {}

    /// One direction of a connection. Its end arrives like its bytes, and after them: it closes the receiving
    /// socket, which ends the other direction.
    private final class Line {
        private final Socket from;
        private final Socket to;
        private final boolean isAnswers;
        private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
        private final Semaphore room = new Semaphore(IN_FLIGHT_MAX);

        private Line(Socket from, Socket to, boolean isAnswers) {
            this.from = from;
            this.to = to;
            this.isAnswers = isAnswers;
        }

        private void start() {
            Thread.ofVirtual().name("proxy-in").start(this::take);
            Thread.ofVirtual().name("proxy-out").start(this::give);
        }

        private void take() {
            var buffer = new byte[BUFFER];
            try {
                var in = from.getInputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    pieces.add(new Piece(Arrays.copyOf(buffer, n), System.nanoTime()));
                    room.acquire(n + PIECE);
                }
            } catch (IOException | InterruptedException _) {
                // The sender went away.
            } finally {
                pieces.add(new Piece(new byte[0], System.nanoTime()));
            }
        }

        private void give() {
            try {
                var out = to.getOutputStream();
                while (true) {
                    var piece = pieces.take();
                    await(piece.since, 1, isAnswers);
                    if (piece.bytes.length == 0) return;
                    out.write(piece.bytes);
                    room.release(piece.bytes.length + PIECE);
                }
            } catch (IOException | InterruptedException _) {
                // The receiver went away.
            } finally {
                end(to);
                // Nothing more is kept back for it.
                room.release(IN_FLIGHT_MAX);
            }
        }
    }
}
