package dev.meridian.lab.cluster;

import dev.meridian.testing.TestCertificates;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// A proxy in front of PostgreSQL that ends TLS, with the certificate that the server has too, and so sees the
/// messages of the protocol (version 3). What a client sends up to a Sync is one call; its answer ends with
/// ReadyForQuery, and goes on to the client as a whole.
final class SqlFront implements AutoCloseable {
    private static final int SSL_REQUEST = 80877103;
    private static final int MESSAGE_MAX = 32 << 20;
    /// What a statement does with which table: the first write, else the first read.
    private static final List<Pattern> STATEMENTS = List.of(
            Pattern.compile("(?i)\\b(insert into|update|delete from)\\s+(\\w+)"),
            Pattern.compile("(?i)\\b(from)\\s+(\\w+)"));

    private record Call(String name, String text) {}

    private final ServerSocket listener;
    private final int port;
    private final SSLContext towardsClient;
    private final SSLContext towardsServer;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile StoreCalls watch = StoreCalls.PASS;

    /// @param port of the server
    /// @param certificates of the server
    SqlFront(int port, TestCertificates certificates) throws IOException {
        this.port = port;
        try {
            towardsClient = certificates.serverContext();
            towardsServer = trusting(certificates);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
        listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("sql-front").start(this::accept);
    }

    private static SSLContext trusting(TestCertificates certificates) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        try (var file = Files.newInputStream(certificates.trustStore())) {
            store.load(file, TestCertificates.TRUST_STORE_PASSWORD.toCharArray());
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    int port() {
        return listener.getLocalPort();
    }

    void watch(StoreCalls watch) {
        this.watch = watch;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = listener.accept();
                sockets.add(client);
                Thread.ofVirtual().name("sql-front").start(() -> serve(client));
            } catch (IOException _) {
                // Closed, or a client that went away before it was accepted.
            }
        }
    }

    private void serve(Socket plainClient) {
        var plainServer = new Socket();
        try (plainClient;
                plainServer) {
            sockets.add(plainServer);
            var asked = new DataInputStream(plainClient.getInputStream());
            if (asked.readInt() != 8 || asked.readInt() != SSL_REQUEST) throw new IOException("no TLS is wanted");
            plainServer.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 2000);
            plainServer.setTcpNoDelay(true);
            plainClient.setTcpNoDelay(true);
            plainServer
                    .getOutputStream()
                    .write(ByteBuffer.allocate(8).putInt(8).putInt(SSL_REQUEST).array());
            if (plainServer.getInputStream().read() != 'S') throw new IOException("the server has no TLS");
            plainClient.getOutputStream().write('S');
            var client = secure(plainClient, towardsClient, false);
            var server = secure(plainServer, towardsServer, true);
            new Session(client, server).run();
        } catch (IOException _) {
            // One of the two went away, or the watch stopped a call: both connections end.
        } finally {
            sockets.remove(plainClient);
            sockets.remove(plainServer);
        }
    }

    private static SSLSocket secure(Socket socket, SSLContext context, boolean isClient) throws IOException {
        var secure = (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
        secure.setUseClientMode(isClient);
        secure.startHandshake();
        return secure;
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (var socket : sockets) socket.close();
        } catch (IOException _) {
            // They are closed anyway.
        }
    }

    /// One connection of a client.
    private final class Session {
        private final Socket client;
        private final Socket server;
        /// The calls whose answer is not complete yet.
        private final Queue<Call> open = new ConcurrentLinkedQueue<>();
        /// The text of each prepared statement.
        private final Map<String, String> statements = new ConcurrentHashMap<>();

        private Session(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        private void run() throws IOException {
            var answers = Thread.ofVirtual().start(() -> {
                try {
                    answers(server.getInputStream(), client.getOutputStream());
                } catch (IOException _) {
                    // The session ends.
                } finally {
                    end();
                }
            });
            try {
                calls(client.getInputStream(), server.getOutputStream());
            } finally {
                end();
                try {
                    answers.join();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        private void end() {
            try {
                client.close();
                server.close();
            } catch (IOException _) {
                // They are closed anyway.
            }
        }

        private void calls(InputStream from, OutputStream to) throws IOException {
            var in = new DataInputStream(new BufferedInputStream(from));
            var out = new BufferedOutputStream(to);
            // The startup message has no type.
            int length = in.readInt();
            out.write(ByteBuffer.allocate(4).putInt(length).array());
            out.write(exactly(in, length - 4));
            out.flush();
            var call = new ByteArrayOutputStream();
            String statement = "";
            for (var message = message(in); message != null; message = message(in)) {
                call.writeBytes(message);
                statement = statement(message, statement);
                boolean isCall = message[0] == 'S' || message[0] == 'Q';
                // What belongs to the log-in goes on at once, like the end of the connection.
                if (!isCall && "pHX".indexOf(message[0]) < 0) continue;
                if (isCall) {
                    var one = new Call("SQL " + name(statement), call.toString(StandardCharsets.ISO_8859_1));
                    watch.asked(one.name, one.text);
                    open.add(one);
                }
                call.writeTo(out);
                out.flush();
                call.reset();
                statement = "";
            }
        }

        /// The text of the statement that a message prepares or uses; the one before when it does neither.
        private String statement(byte[] message, String before) {
            var parts = new String(message, 5, message.length - 5, StandardCharsets.ISO_8859_1).split("\0", 3);
            return switch (message[0]) {
                case 'Q' -> parts[0];
                case 'P' -> {
                    statements.put(parts[0], parts[1]);
                    yield parts[1];
                }
                case 'B' -> statements.getOrDefault(parts[1], before);
                default -> before;
            };
        }

        private void answers(InputStream from, OutputStream to) throws IOException {
            var in = new DataInputStream(new BufferedInputStream(from));
            var out = new BufferedOutputStream(to);
            var answer = new ByteArrayOutputStream();
            for (var message = message(in); message != null; message = message(in)) {
                answer.writeBytes(message);
                boolean isEnd = message[0] == 'Z';
                if (!isEnd && !open.isEmpty()) continue;
                var call = isEnd ? open.poll() : null;
                if (call != null) watch.answered(call.name, call.text);
                answer.writeTo(out);
                out.flush();
                answer.reset();
            }
        }
    }

    private static String name(String statement) {
        for (var pattern : STATEMENTS) {
            var found = pattern.matcher(statement);
            if (found.find()) return found.group(1).toUpperCase(Locale.ROOT) + " " + found.group(2);
        }
        return statement.strip().split("\\s+")[0];
    }

    /// Type, length and content; null at the end.
    private static byte[] message(DataInputStream in) throws IOException {
        int type = in.read();
        if (type < 0) return null;
        int length = in.readInt();
        var content = exactly(in, length - 4);
        return ByteBuffer.allocate(5 + content.length)
                .put((byte) type)
                .putInt(length)
                .put(content)
                .array();
    }

    private static byte[] exactly(DataInputStream in, int length) throws IOException {
        if (length < 0 || length > MESSAGE_MAX) throw new IOException("a message of " + length + " bytes");
        var content = in.readNBytes(length);
        if (content.length < length) throw new EOFException("a message that ends early");
        return content;
    }
}
