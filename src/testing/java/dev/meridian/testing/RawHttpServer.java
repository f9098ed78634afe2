package dev.meridian.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/// An HTTP server on the loopback interface that reads requests and answers with any bytes. A virtual thread
/// serves each connection, until the handler closes it or throws an exception.
public final class RawHttpServer implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)\r\n");

    /// Writes the answer to a request.
    @FunctionalInterface
    public interface Handler {
        /// @param connection writes whatever it wants to it, and may close it
        void handle(Request request, Socket connection) throws IOException, InterruptedException;
    }

    /// A request that has come completely.
    ///
    /// @param head the request line and the headers
    public record Request(String head, byte[] body) {
        /// The value of a header; empty when there is none.
        public String header(String name) {
            var value = Pattern.compile("(?i)\r\n" + name + ": *([^\r]*)\r\n").matcher(head);
            return value.find() ? value.group(1) : "";
        }

        /// The body as text.
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile Handler handler;
    private volatile boolean closed;

    /// A server without TLS on a free port.
    public RawHttpServer(Handler handler) throws IOException {
        this(handler, null);
    }

    /// A server with TLS on a free port.
    ///
    /// @param tls shows the certificate; null for none
    public RawHttpServer(Handler handler, SSLContext tls) throws IOException {
        this(handler, tls, InetAddress.getLoopbackAddress());
    }

    /// A server on a free port of an address.
    ///
    /// @param tls shows the certificate; null for none
    public RawHttpServer(Handler handler, SSLContext tls, InetAddress address) throws IOException {
        this.handler = handler;
        server = tls == null
                ? new ServerSocket(0, 1024, address)
                : tls.getServerSocketFactory().createServerSocket(0, 1024, address);
        Thread.ofVirtual().name("raw-http-accept").start(this::accept);
    }

    /// A complete answer with a JSON body.
    public static byte[] json(String body) {
        return answer("200 OK", "application/x-amz-json-1.0", body);
    }

    /// A complete answer.
    public static byte[] answer(String status, String type, String body) {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var out = new ByteArrayOutputStream();
        out.writeBytes("HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                .formatted(status, type, bytes.length)
                .getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(bytes);
        return out.toByteArray();
    }

    /// Answers nothing, until the other side closes the connection.
    public static void hang(Request request, Socket connection) throws IOException {
        while (connection.getInputStream().read() >= 0) {
            // More requests, which are not answered either.
        }
    }

    /// The port that it listens on.
    public int port() {
        return server.getLocalPort();
    }

    /// Answers from now on in another way, on existing connections too.
    public void answerWith(Handler handler) {
        this.handler = handler;
    }

    /// The number of connections so far.
    public int accepted() {
        return accepted.get();
    }

    /// The number of open connections.
    public int connections() {
        return sockets.size();
    }

    private void accept() {
        while (!closed) {
            try {
                var socket = server.accept();
                sockets.add(socket);
                accepted.incrementAndGet();
                Thread.ofVirtual().name("raw-http").start(() -> serve(socket));
            } catch (IOException _) {
                // Closed, or a client that went away before it was accepted.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = new BufferedInputStream(socket.getInputStream());
            for (Request request; (request = read(in)) != null; ) {
                handler.handle(request, socket);
                socket.getOutputStream().flush();
            }
        } catch (IOException | InterruptedException _) {
            // The other side went away, or the handler wants it so.
        } finally {
            sockets.remove(socket);
        }
    }

    /// @return null at the end of the connection
    private static Request read(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        for (int state = 0; state < 4; ) {
            int c = in.read();
            if (c < 0) return null;
            head.write(c);
            state = c == (state % 2 == 0 ? '\r' : '\n') ? state + 1 : 0;
        }
        var text = head.toString(StandardCharsets.ISO_8859_1);
        var length = LENGTH.matcher(text);
        if (!length.find()) return new Request(text, new byte[0]);
        var body = in.readNBytes(Integer.parseInt(length.group(1)));
        return body.length < Integer.parseInt(length.group(1)) ? null : new Request(text, body);
    }

    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        for (var socket : sockets) socket.close();
    }
}
