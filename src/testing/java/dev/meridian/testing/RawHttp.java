package dev.meridian.testing;

import io.restassured.RestAssured;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A raw HTTP client: sends any bytes over a new connection and returns the response. For requests that a
/// correct client never sends.
public final class RawHttp {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)");

    private RawHttp() {}

    /// The response.
    ///
    /// @param status 0 when the connection was closed without a response
    /// @param headers by lower-case name, values joined by commas
    /// @param body as text
    /// @param took from the first byte sent to the end of the response
    public record Answer(int status, Map<String, String> headers, String body, Duration took) {
        /// The value of a header, if present.
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
        }
    }

    /// Sends text (as ISO-8859-1, so that every char is a byte) to the service under test and reads until it
    /// closes the connection. The request should ask for that with `Connection: close`.
    public static Answer send(String request) throws IOException {
        return send(request.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// Sends bytes to the service under test and reads until it closes the connection.
    ///
    /// @throws SocketTimeoutException when that takes longer than 5 s
    public static Answer send(byte[] request) throws IOException {
        return send(RestAssured.port, request);
    }

    /// Sends bytes to a port of this machine and reads until the other side closes the connection.
    ///
    /// @throws SocketTimeoutException when that takes longer than 5 s
    public static Answer send(int port, byte[] request) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("localhost", port), (int) LIMIT.toMillis());
            long start = System.nanoTime();
            socket.setSoTimeout((int) LIMIT.toMillis());
            try {
                socket.getOutputStream().write(request);
                socket.getOutputStream().flush();
            } catch (IOException _) {
                // The service may respond and close before it has read everything.
            }
            var bytes = new ByteArrayOutputStream();
            try {
                var buffer = new byte[16 * 1024];
                for (int n = 0;
                        n >= 0 && !isComplete(bytes);
                        n = socket.getInputStream().read(buffer)) {
                    bytes.write(buffer, 0, n);
                }
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (IOException _) {
                // Reset after the response, because of unread bytes.
            }
            return parse(bytes.toString(StandardCharsets.UTF_8), Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /// Whether head and body are complete, as far as the head gives the length of the body.
    private static boolean isComplete(ByteArrayOutputStream bytes) {
        var text = bytes.toString(StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0 || text.startsWith("HTTP/1.1 100")) return false;
        var length = LENGTH.matcher(text.substring(0, end));
        return length.find() && text.length() - end - 4 >= Integer.parseInt(length.group(1));
    }

    private static Answer parse(String text, Duration took) {
        // An interim response (100 Continue) is not the final one.
        if (text.startsWith("HTTP/1.1 100")) text = text.substring(text.indexOf("\r\n\r\n") + 4);
        if (!text.startsWith("HTTP/")) return new Answer(0, Map.of(), text, took);
        int end = text.indexOf("\r\n\r\n");
        var head = text.substring(0, end).split("\r\n");
        var headers = List.of(head).subList(1, head.length).stream()
                .map(line -> line.split(":", 2))
                .collect(Collectors.toMap(
                        pair -> pair[0].toLowerCase(Locale.ROOT),
                        pair -> pair[1].strip(),
                        (a, b) -> a + "," + b,
                        TreeMap::new));
        return new Answer(Integer.parseInt(head[0].split(" ")[1]), headers, text.substring(end + 4), took);
    }
}
