package dev.meridian.dynamoclient;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads the answers of one connection, one after another: a status line, headers, and a body with a
/// `content-length` or in chunks. The buffer is kept for the next answer.
final class Http1Reader {
    private static final int HEAD_MAX = 16 * 1024;
    /// DynamoDB answers with 1 MB of data at most; JSON makes it longer.
    private static final int BODY_MAX = 16 * 1024 * 1024;

    private byte[] bytes = new byte[4096];
    private int end;
    private int bodyAt = -1;
    private int length;
    private int status;
    private String requestId;
    private boolean keepsAlive = true;
    private boolean isChunked;
    private boolean isComplete;

    void read(ByteBuf in) throws IOException {
        append(in);
        if (bodyAt < 0) readHead();
        if (bodyAt < 0) return;
        if (isChunked) readChunks();
        else if (end - bodyAt >= length) completeAt(bodyAt + length);
    }

    /// What follows an answer belongs to nobody, and nothing after it can be trusted.
    private void completeAt(int last) {
        isComplete = true;
        if (end != last) keepsAlive = false;
    }

    private void append(ByteBuf in) {
        var more = in.readableBytes();
        if (end + more > bytes.length) bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, end + more));
        in.readBytes(bytes, end, more);
        end += more;
    }

    boolean isComplete() {
        return isComplete;
    }

    boolean keepsAlive() {
        return keepsAlive;
    }

    HttpPools.Answer answer() {
        return new HttpPools.Answer(status, requestId, bytes, bodyAt, length);
    }

    void reset() {
        end = 0;
        bodyAt = -1;
        length = 0;
        isChunked = false;
        isComplete = false;
        requestId = null;
        if (bytes.length > 64 * 1024) bytes = new byte[4096];
    }

    private void readHead() throws IOException {
        var headEnd = endOfHead();
        if (headEnd < 0) {
            if (end > HEAD_MAX) throw new IOException("the head of the answer is too long");
            return;
        }
        if (end < 12 || bytes[0] != 'H' || bytes[5] != '1') throw new IOException("no HTTP/1 answer");
        status = (bytes[9] - '0') * 100 + (bytes[10] - '0') * 10 + bytes[11] - '0';
        keepsAlive = bytes[7] == '1';
        length = -1;
        var at = next(0);
        while (at < headEnd - 2) {
            var lineEnd = next(at);
            header(at, lineEnd - 2);
            at = lineEnd;
        }
        bodyAt = headEnd;
        if (length < 0 && !isChunked) throw new IOException("an answer of unknown length");
        if (length > BODY_MAX) throw new IOException("the answer is too long");
    }

    private int endOfHead() {
        for (var i = 3; i < end; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') return i + 1;
        }
        return -1;
    }

    /// Where the line after this one begins.
    private int next(int at) {
        var i = at;
        while (bytes[i] != '\n') i++;
        return i + 1;
    }

    private void header(int from, int to) throws IOException {
        if (isNamed(from, to, "content-length")) {
            var number = 0;
            for (var i = valueAt(from, to); i < to; i++) {
                if (bytes[i] < '0' || bytes[i] > '9' || number > BODY_MAX) throw new IOException("no length");
                number = number * 10 + bytes[i] - '0';
            }
            length = number;
        } else if (isNamed(from, to, "x-amzn-requestid")) {
            requestId = value(from, to);
        } else if (isNamed(from, to, "connection")) {
            keepsAlive = !value(from, to).equalsIgnoreCase("close");
        } else if (isNamed(from, to, "transfer-encoding")) {
            isChunked = value(from, to).equalsIgnoreCase("chunked");
        }
    }

    private boolean isNamed(int from, int to, String name) {
        if (to - from <= name.length() || bytes[from + name.length()] != ':') return false;
        for (var i = 0; i < name.length(); i++) {
            var c = bytes[from + i];
            if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != name.charAt(i)) return false;
        }
        return true;
    }

    private int valueAt(int from, int to) {
        var i = from;
        while (bytes[i] != ':') i++;
        i++;
        while (i < to && bytes[i] == ' ') i++;
        return i;
    }

    private String value(int from, int to) {
        var at = valueAt(from, to);
        return new String(bytes, at, to - at, StandardCharsets.ISO_8859_1);
    }

    /// Moves the chunks together once the last one is there.
    private void readChunks() throws IOException {
        var in = bodyAt;
        var out = bodyAt;
        for (var isMoving = false; ; isMoving = true) {
            in = bodyAt;
            out = bodyAt;
            while (true) {
                var size = 0;
                while (in < end && bytes[in] != '\r' && bytes[in] != ';') {
                    var digit = Character.digit(bytes[in++], 16);
                    if (digit < 0 || size > BODY_MAX) throw new IOException("no chunk");
                    size = size * 16 + digit;
                }
                while (in < end && bytes[in] != '\n') in++;
                in++;
                if (in + size + 2 > end) return;
                if (size == 0) break;
                if (isMoving) System.arraycopy(bytes, in, bytes, out, size);
                out += size;
                in += size + 2;
            }
            if (isMoving) break;
        }
        length = out - bodyAt;
        completeAt(in + 2);
    }
}
