package dev.meridian.lab.cluster;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One complete HTTP/1.1 request or response. Supports just what the clients and servers of the lab need.
///
/// @param start the request line or status line
/// @param headers as received, without those about the transfer of the body
public record Message(String start, List<String> headers, byte[] body) {
    /// Stands for no response.
    public static final Message NONE = new Message("HTTP/1.1 0 None", List.of(), new byte[0]);

    private static final int LINE_MAX = 70_000;
    private static final int BODY_MAX = 32 << 20;

    /// The next request, or null when the client has closed the connection.
    static Message request(InputStream in) throws IOException {
        var start = line(in);
        return start == null ? null : read(start, in, false);
    }

    /// Reads the response to a request.
    static Message answer(InputStream in, String method) throws IOException {
        var start = line(in);
        if (start == null) throw new EOFException("closed without an answer");
        var status = status(start);
        return read(start, in, method.equals("HEAD") || status == 204 || status == 304 || status / 100 == 1);
    }

    /// Makes a response.
    static Message of(int status, String contentType, String body) {
        return new Message(
                "HTTP/1.1 " + status + " Lab",
                List.of("Content-Type: " + contentType),
                body.getBytes(StandardCharsets.UTF_8));
    }

    String method() {
        return start.substring(0, start.indexOf(' '));
    }

    /// Path and query.
    String target() {
        return start.substring(start.indexOf(' ') + 1, start.lastIndexOf(' '));
    }

    /// The status of a response.
    public int status() {
        return status(start);
    }

    /// The body as text.
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /// The value of a header; names are case-insensitive.
    public Optional<String> header(String name) {
        return headers.stream()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }

    Message withBody(String text) {
        return new Message(start, headers, text.getBytes(StandardCharsets.UTF_8));
    }

    Message withHeader(String name, String value) {
        var more = new ArrayList<>(headers);
        more.add(name + ": " + value);
        return new Message(start, more, body);
    }

    boolean closes() {
        return header("Connection")
                        .map(value -> value.equalsIgnoreCase("close"))
                        .orElse(false)
                || start.contains("HTTP/1.0");
    }

    /// @param method of the request, when this is its response; null for a request
    void write(OutputStream out, String method) throws IOException {
        var head = new StringBuilder(start).append("\r\n");
        headers.forEach(line -> head.append(line).append("\r\n"));
        boolean hasNone = method == null ? body.length == 0 && "GET HEAD".contains(method()) : hasNoBody(method);
        if (!hasNone) head.append("Content-Length: ").append(body.length).append("\r\n");
        var bytes = new ByteArrayOutputStream(head.length() + body.length + 2);
        bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        if (!hasNone) bytes.writeBytes(body);
        bytes.writeTo(out);
        out.flush();
    }

    private boolean hasNoBody(String method) {
        return method.equals("HEAD") || status() == 204 || status() == 304;
    }

    private static Message read(String start, InputStream in, boolean hasNoBody) throws IOException {
        var headers = new ArrayList<String>();
        int length = -1;
        boolean chunked = false;
        for (var line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            var lower = line.toLowerCase(java.util.Locale.ROOT);
            if (lower.startsWith("content-length:"))
                length = Integer.parseInt(line.substring(15).strip());
            else if (lower.startsWith("transfer-encoding:")) chunked = lower.contains("chunked");
            else if (!lower.startsWith("expect:")) headers.add(line);
        }
        if (length > BODY_MAX) throw new IOException("a body of " + length + " bytes");
        if (hasNoBody) return new Message(start, headers, new byte[0]);
        if (chunked) return new Message(start, headers, chunks(in));
        if (length >= 0) return new Message(start, headers, exactly(in, length));
        // Neither: the body of a response ends with the connection; a request has no body.
        return new Message(start, headers, start.startsWith("HTTP/") ? in.readAllBytes() : new byte[0]);
    }

    private static byte[] chunks(InputStream in) throws IOException {
        var body = new ByteArrayOutputStream();
        while (true) {
            var line = line(in);
            if (line == null) throw new EOFException("a body that ends early");
            int size = Integer.parseInt(line.split(";")[0].strip(), 16);
            if (size == 0) break;
            body.writeBytes(exactly(in, size));
            line(in);
        }
        for (var trailer = line(in); trailer != null && !trailer.isEmpty(); ) trailer = line(in);
        return body.toByteArray();
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        var bytes = in.readNBytes(length);
        if (bytes.length < length) throw new EOFException("a body that ends early");
        return bytes;
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                int end = line.length();
                return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
            }
            line.append((char) b);
            if (line.length() > LINE_MAX) throw new IOException("a line without end");
        }
        if (line.isEmpty()) return null;
        throw new EOFException("a line that ends early");
    }

    private static int status(String start) {
        return Integer.parseInt(start.split(" ")[1]);
    }
}
