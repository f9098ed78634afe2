package dev.meridian.dynamoclient;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/// Reads the answers of one connection, one after another: a status line, headers, and a body with a
/// `content-length` or in chunks (RFC 9112). The buffer is kept for the next answer.
///
/// It reads what DynamoDB and proxies in front of it send, and refuses what a reader would have to guess at:
/// what it accepts, netty's `HttpResponseDecoder` reads alike (`Http1ReaderTest`). A refused answer is an
/// [IOException] whose message is the reason; nothing after it can be read.
final class Http1Reader {
    /// Bytes of status line and headers, as Vert.x' HTTP client bounds them. DynamoDB sends some 300.
    static final int HEAD_MAX = 8 * 1024;

    private static final int OK = 200;
    private static final int STATUS_LINE_MAX = 4 * 1024;

    /// DynamoDB answers with 16 MB of items at most (`BatchGetItem`); JSON makes them longer.
    static final int BODY_MAX = 32 * 1024 * 1024;

    /// Eight digits, carriage return and line feed.
    private static final int CHUNK_LINE_MAX = 10;

    private static final int BUFFER = 4 * 1024;
    private static final int BUFFER_KEPT = 64 * 1024;

    private static final byte[] VERSION = "HTTP/1.1 ".getBytes(StandardCharsets.US_ASCII);
    private static final int STATUS_LINE_MIN = VERSION.length + 3;
    private static final boolean[] IS_TOKEN = tokens();

    /// The part that comes next.
    private enum Part {
        STATUS,
        HEADER,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        LAST_LINE,
        COMPLETE
    }

    private final CRC32 crc = new CRC32();

    private byte[] bytes = new byte[BUFFER];
    /// Behind the last byte that has come.
    private int end;
    /// Where the next part begins.
    private int at;
    /// How far the next line has been looked at.
    private int scanned;

    private Part part = Part.STATUS;
    private int bodyAt;
    private int bodyEnd;
    private int status;
    private int contentLength;
    private int chunkLeft;
    private long checksum;
    private String requestId;
    private String date;
    private Boolean isKeptAlive;
    private boolean isChunked;
    private boolean keepsAlive;

    Http1Reader() {
        reset();
    }

    /// Takes bytes as they come.
    ///
    /// @throws IOException when this is no answer, or one with another checksum than it says
    void read(ByteBuf in) throws IOException {
        append(in);
        while (part != Part.COMPLETE && step()) {
            // One part after another.
        }
        // What follows an answer belongs to nobody, and nothing after it can be trusted.
        if (part == Part.COMPLETE) keepsAlive &= at == end;
        else if (isChunked) dropFraming();
    }

    private void append(ByteBuf in) {
        var more = in.readableBytes();
        if (end + more > bytes.length) bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, end + more));
        in.readBytes(bytes, end, more);
        end += more;
    }

    boolean isComplete() {
        return part == Part.COMPLETE;
    }

    /// Whether another answer may follow on this connection.
    boolean keepsAlive() {
        return keepsAlive;
    }

    /// The complete answer. Its bytes are overwritten by the next one.
    HttpPools.Answer answer() {
        return new HttpPools.Answer(status, requestId, date, bytes, bodyAt, bodyEnd - bodyAt);
    }

    /// Begins the next answer.
    void reset() {
        end = 0;
        at = 0;
        scanned = 0;
        part = Part.STATUS;
        contentLength = -1;
        checksum = -1;
        requestId = null;
        date = null;
        isKeptAlive = null;
        isChunked = false;
        keepsAlive = true;
        if (bytes.length > BUFFER_KEPT) bytes = new byte[BUFFER];
    }

    /// Reads the next part.
    ///
    /// @return false when it has not come yet
    private boolean step() throws IOException {
        return switch (part) {
            case STATUS -> line(STATUS_LINE_MAX, "a status line that is too long") && status();
            case HEADER -> line(HEAD_MAX, "a head that is too long") && header();
            case BODY -> end - at >= contentLength && complete(at + contentLength);
            case CHUNK_SIZE -> line(at + CHUNK_LINE_MAX, "no size of a chunk") && chunkSize();
            case CHUNK -> chunk();
            case CHUNK_END -> line(at + 2, "a chunk of another size") && next(Part.CHUNK_SIZE);
            case LAST_LINE -> line(at + 2, "trailers") && complete(scanned);
            case COMPLETE -> false;
        };
    }

    /// Looks for the end of the line that begins at [#at]; [#scanned] is behind it then.
    ///
    /// @param limit where it must have ended
    private boolean line(int limit, String tooLong) throws IOException {
        var stop = Math.min(end, limit);
        while (scanned < stop) {
            var c = bytes[scanned++];
            if (c == '\n') {
                if (scanned - 2 < at || bytes[scanned - 2] != '\r') throw new IOException("a line feed alone");
                return true;
            }
            if (scanned - 2 >= at && bytes[scanned - 2] == '\r') throw new IOException("a carriage return alone");
            if ((c >= 0 && c < ' ' && c != '\t' && c != '\r') || c == 0x7f)
                throw new IOException("a control character");
        }
        if (scanned >= limit) throw new IOException(tooLong);
        return false;
    }

    /// Behind the text of the line, whose end is `\r\n`.
    private int textEnd() {
        return scanned - 2;
    }

    private boolean next(Part next) {
        at = scanned;
        part = next;
        return true;
    }

    private boolean status() throws IOException {
        var to = textEnd();
        if (to < STATUS_LINE_MIN || !Arrays.equals(bytes, 0, VERSION.length, VERSION, 0, VERSION.length))
            throw new IOException("no HTTP/1.1");
        status = 0;
        for (var i = VERSION.length; i < STATUS_LINE_MIN; i++) status = status * 10 + digit(bytes[i], 10, "no status");
        if (to > STATUS_LINE_MIN && bytes[STATUS_LINE_MIN] != ' ') throw new IOException("no status");
        if (status < 200 || status > 599) throw new IOException("a status that is not final");
        if (status == 204 || status == 304) throw new IOException("a status without a body");
        return next(Part.HEADER);
    }

    private boolean header() throws IOException {
        if (textEnd() == at) return headEnded();
        var colon = at;
        while (bytes[colon] >= 0 && IS_TOKEN[bytes[colon]]) colon++;
        if (colon == at || bytes[colon] != ':') throw new IOException("a header without a name");
        var from = colon + 1;
        var to = textEnd();
        while (from < to && isBlank(bytes[from])) from++;
        while (from < to && isBlank(bytes[to - 1])) to--;
        switch (colon - at) {
            case 4 -> {
                // The clock of the server: only a refusal may be for ours.
                if (status != OK && isText(at, colon, "date")) date = text(from, to);
            }
            case 10 -> {
                if (isText(at, colon, "connection")) connection(from, to);
            }
            case 11 -> {
                if (isText(at, colon, "x-amz-crc32")) checksum(from, to);
            }
            case 14 -> {
                if (isText(at, colon, "content-length")) contentLength(from, to);
            }
            case 16 -> {
                if (isText(at, colon, "x-amzn-requestid")) requestId(from, to);
            }
            case 17 -> {
                if (isText(at, colon, "transfer-encoding")) transferEncoding(from, to);
            }
            default -> {
                // Of no use to us.
            }
        }
        return next(Part.HEADER);
    }

    private void connection(int from, int to) throws IOException {
        once(isKeptAlive == null);
        isKeptAlive = isText(from, to, "keep-alive");
        if (!isKeptAlive && !isText(from, to, "close"))
            throw new IOException("another connection than keep-alive or close");
    }

    private void contentLength(int from, int to) throws IOException {
        once(contentLength < 0);
        var length = number(from, to, "no content-length");
        if (length > BODY_MAX) throw new IOException("a body that is too long");
        contentLength = (int) length;
    }

    private void checksum(int from, int to) throws IOException {
        once(checksum < 0);
        checksum = number(from, to, "no checksum");
    }

    private void requestId(int from, int to) throws IOException {
        once(requestId == null);
        requestId = text(from, to);
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private void transferEncoding(int from, int to) throws IOException {
        once(!isChunked);
        isChunked = isText(from, to, "chunked");
        if (!isChunked) throw new IOException("another transfer-encoding than chunked");
    }

    /// Of two that differ, another reader may take the other.
    private static void once(boolean isFirst) throws IOException {
        if (!isFirst) throw new IOException("a header twice");
    }

    private boolean headEnded() throws IOException {
        if (isChunked && contentLength >= 0) throw new IOException("a content-length with chunks");
        if (!isChunked && contentLength < 0) throw new IOException("a body without a length");
        keepsAlive = isKeptAlive == null || isKeptAlive;
        bodyAt = scanned;
        bodyEnd = scanned;
        return next(isChunked ? Part.CHUNK_SIZE : Part.BODY);
    }

    private boolean chunkSize() throws IOException {
        var to = textEnd();
        if (to == at) throw new IOException("no size of a chunk");
        var size = 0L;
        for (var i = at; i < to; i++) size = size * 16 + digit(bytes[i], 16, "no size of a chunk");
        if (bodyEnd - bodyAt + size > BODY_MAX) throw new IOException("a body that is too long");
        chunkLeft = (int) size;
        return next(size == 0 ? Part.LAST_LINE : Part.CHUNK);
    }

    /// Appends what has come of a chunk to the body.
    private boolean chunk() {
        var come = Math.min(chunkLeft, end - at);
        System.arraycopy(bytes, at, bytes, bodyEnd, come);
        bodyEnd += come;
        chunkLeft -= come;
        scanned = at + come;
        return next(chunkLeft == 0 ? Part.CHUNK_END : Part.CHUNK) && chunkLeft == 0;
    }

    /// Moves what has not been read yet behind the body: the lines between chunks take no room.
    private void dropFraming() {
        if (part.compareTo(Part.BODY) <= 0 || at == bodyEnd) return;
        System.arraycopy(bytes, at, bytes, bodyEnd, end - at);
        end -= at - bodyEnd;
        scanned -= at - bodyEnd;
        at = bodyEnd;
    }

    private boolean complete(int last) throws IOException {
        if (!isChunked) bodyEnd = last;
        if (checksum >= 0) {
            crc.reset();
            crc.update(bytes, bodyAt, bodyEnd - bodyAt);
            if (crc.getValue() != checksum) throw new IOException("a body with another checksum");
        }
        scanned = last;
        return next(Part.COMPLETE);
    }

    /// @param text in lower case
    private boolean isText(int from, int to, String text) {
        if (to - from != text.length()) return false;
        for (var i = 0; i < text.length(); i++) {
            var c = bytes[from + i];
            if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != text.charAt(i)) return false;
        }
        return true;
    }

    private long number(int from, int to, String refusal) throws IOException {
        if (from == to || to - from > 10) throw new IOException(refusal);
        var number = 0L;
        for (var i = from; i < to; i++) number = number * 10 + digit(bytes[i], 10, refusal);
        return number;
    }

    private static int digit(byte c, int radix, String refusal) throws IOException {
        var digit = c < 0 ? -1 : Character.digit(c, radix);
        if (digit < 0) throw new IOException(refusal);
        return digit;
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\t';
    }

    private static boolean[] tokens() {
        var tokens = new boolean[128];
        for (var c = 0; c < tokens.length; c++)
            tokens[c] = Character.isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
        return tokens;
    }
}
