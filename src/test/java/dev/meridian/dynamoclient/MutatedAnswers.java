package dev.meridian.dynamoclient;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.zip.CRC32;

/// HTTP answers that are right, or wrong in a few places: by the grammar of RFC 9112, and byte by byte.
final class MutatedAnswers {
    private static final String[] STATUS_LINES = {
        "HTTP/1.0 200 OK",
        "HTTP/1.2 200 OK",
        "HTTP/2.0 200 OK",
        "http/1.1 200 OK",
        "HTTP/1.1  200 OK",
        "HTTP/1.1\t200 OK",
        "HTTP/1.1 200",
        "HTTP/1.1 200 ",
        "HTTP/1.1 200  OK",
        "HTTP/1.1 200\tOK",
        "HTTP/1.1 2000 OK",
        "HTTP/1.1 20 OK",
        "HTTP/1.1 +20 OK",
        "HTTP/1.1 -20 OK",
        "HTTP/1.1 2 0 OK",
        "HTTP/1.1 100 Continue",
        "HTTP/1.1 101 Switching",
        "HTTP/1.1 102 Processing",
        "HTTP/1.1 199 X",
        "HTTP/1.1 204 No Content",
        "HTTP/1.1 205 Reset",
        "HTTP/1.1 304 Not Modified",
        "HTTP/1.1 600 X",
        "HTTP/1.1 999 X",
        "HTTP/1.1 000 X",
        "HTTP/1.1 abc OK",
        "HTTP/1.1 200 \u00e4\u00ff",
        "HTTP/1.1 200 a\u0000b",
        "HTTP/1.1 200 a\rb",
        " HTTP/1.1 200 OK",
        "\r\nHTTP/1.1 200 OK",
        "\u0000HTTP/1.1 200 OK",
        "HTTP/1.1",
        "HTTP/1.1 ",
        "",
        "ICY 200 OK",
        "HTTP/1.1 200OK",
        "HTTP/11 200 OK",
        "HTTP/1.10 200 OK",
        "HTTP/1.1 2\u00b200 OK",
        "XHTTP/1.1 200 OK",
        "GET / HTTP/1.1"
    };
    private static final String[] LENGTHS = {
        "0",
        "-1",
        "+%d",
        "0x%x",
        "00%d",
        "%d,%d",
        "%d, %d",
        "%d;",
        "%d %d",
        "",
        " ",
        "%d\t",
        "\t%d ",
        "1%d",
        "4294967296",
        "4294967299",
        "9223372036854775808",
        "99999999999999999999",
        "%d\u0000",
        "\u000b%d",
        "%d.0",
        "3e1",
        "33554433",
        "33554432"
    };
    private static final String[] TRANSFERS = {
        "Chunked",
        "CHUNKED",
        "gzip, chunked",
        "chunked, gzip",
        "chunked, identity",
        "identity",
        "xchunked",
        "chunked ",
        "chunked;a=b",
        "chunked, chunked",
        "\u000bchunked",
        "chunked\u0000",
        "",
        "chu nked",
        ",chunked"
    };
    private static final String[] CONNECTIONS = {
        "keep-alive",
        "close",
        "Close",
        "CLOSE",
        "keep-alive, close",
        "close, keep-alive",
        "upgrade",
        "",
        "closed",
        "x,close",
        "close;",
        "keep-alive ,Upgrade",
        "\tclose",
        "c lose",
        "close\u0000"
    };
    private static final String[] HEADERS = {
        "Server: Server",
        "Date: Sat, 28 Nov 2026 10:00:00 GMT",
        "Content-Type: application/x-amz-json-1.0",
        "X: a\tb",
        "X:",
        ":x",
        "X",
        " X: y",
        "X : y",
        "X\t: y",
        "X y: z",
        "X\u0000: y",
        "X: y\u0000z",
        "X: a\u007f",
        "X: \u00e4",
        "\u00e4: x",
        "X: a\rb",
        "X: a\r\n b",
        "X: a\r\n\tb",
        "X: a\nY: b",
        "X: a\u000bb",
        "X[: y",
        "X/: y",
        "X(: y",
        "X=: y",
        "(X): y",
        "X;: y",
        "X\r: y",
        "Trailer: X",
        "Upgrade: h2c",
        "Content-Encoding: gzip",
        "Content-Range: bytes 0-1/2",
        "Content_Length: 3",
        "Content-Length : 3",
        "content-length\u00a0: 3",
        "Sec-WebSocket-Accept: x",
        "Keep-Alive: timeout=5",
        "x-amzn-requestid: other",
        "x-amz-crc32: 0",
        "x-amz-crc32: x",
        "x-amz-crc32: -1",
        "x-amz-crc32:",
        "X-Amz-Crc32 : 1",
        "x-amzn-requestid:",
        "X: y ",
        "X:y",
        "X:  \t y\t "
    };
    private static final String[] CHUNK_SIZES = {
        "%x;a=b",
        "%x ;a",
        "%x; a=\"\r\n\"",
        " %x",
        "%x ",
        "0x%x",
        "00%x",
        "-%x",
        "+%x",
        "%x\t",
        "%X",
        "0000000%x",
        "00000000%x",
        "FFFFFFFF",
        "80000000",
        "7FFFFFFF",
        "100000000",
        "FFFFFFFFFFFFFFFFF",
        "",
        "g",
        "%x\u0000",
        "2000001",
        "%x\r",
        "%x;\n"
    };
    private static final String[] SURPLUS = {
        "\r\n",
        "\n",
        "\u0000",
        "x",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 500 X\r\n\r\n",
        "0\r\n\r\n",
        " ",
        "\r\n\r\n"
    };
    private static final String TRAILERS = "X: y\r\n";
    private static final char[] SPECIAL =
            "\r\n\0\t :;,HTP/1.0245xX-\u000b\u000c\u001c\u007f\u0080\u0085\u00a0\u00ff".toCharArray();

    private final Random random;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private byte[] body = new byte[0];

    MutatedAnswers(Random random) {
        this.random = random;
    }

    /// The next answer, right in about one of three cases.
    byte[] next() {
        out.reset();
        body = body();
        var faults = random.nextInt(3);
        line(oneIn(faults == 1 ? 4 : 40) ? any(STATUS_LINES) : "HTTP/1.1 " + status() + " OK");
        head(faults == 1);
        var answer = out.toByteArray();
        for (var i = faults == 2 ? 1 + random.nextInt(3) : 0; i > 0; i--) answer = mutated(answer);
        return answer;
    }

    private int status() {
        return new int[] {200, 200, 200, 400, 413, 500, 503, 200 + random.nextInt(400)}[random.nextInt(8)];
    }

    private byte[] body() {
        var size =
                oneIn(3000) ? 60_000 + random.nextInt(20_000) : oneIn(20) ? random.nextInt(3000) : random.nextInt(40);
        var bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    /// Headers in any order, and the body.
    private void head(boolean isFaulty) {
        var isChunked = random.nextInt(3) == 0;
        if (random.nextBoolean()) headers(isFaulty);
        if (random.nextBoolean()) connection();
        if (!(isFaulty && oneIn(15))) framing(isChunked, isFaulty);
        if (isFaulty && oneIn(12)) framing(random.nextBoolean(), random.nextBoolean());
        if (random.nextInt(4) > 0) header("x-amzn-RequestId", "R" + random.nextInt(1000));
        if (random.nextInt(3) == 0)
            header("x-amz-crc32", Long.toString(isFaulty && oneIn(6) ? random.nextInt(100) : crc()));
        if (random.nextBoolean()) headers(isFaulty);
        if (isFaulty && oneIn(15)) connection();
        if (oneIn(2000)) header("X-Long", "x".repeat(random.nextInt(10_000)));
        line("");
        if (isChunked) chunks(isFaulty);
        else out.writeBytes(body);
        if (isFaulty && oneIn(6)) out.writeBytes(latin(any(SURPLUS)));
        if (oneIn(30)) out.writeBytes(latin(any(SURPLUS)));
    }

    private long crc() {
        var crc = new CRC32();
        crc.update(body);
        return crc.getValue();
    }

    private void headers(boolean isFaulty) {
        for (var i = random.nextInt(4); i > 0; i--) line(isFaulty ? any(HEADERS) : HEADERS[random.nextInt(4)]);
    }

    private void connection() {
        header("Connection", oneIn(4) ? any(CONNECTIONS) : CONNECTIONS[random.nextInt(3)]);
    }

    private void framing(boolean isChunked, boolean isFaulty) {
        if (isChunked) header("Transfer-Encoding", isFaulty && oneIn(4) ? any(TRANSFERS) : "chunked");
        else
            header(
                    "Content-Length",
                    isFaulty && oneIn(3) ? sized(any(LENGTHS), body.length) : Integer.toString(body.length));
    }

    private void chunks(boolean isFaulty) {
        for (var at = 0; at < body.length; ) {
            var size = Math.min(body.length - at, 1 + random.nextInt(oneIn(3) ? 4 : body.length));
            chunkSize(size, isFaulty);
            out.write(body, at, size);
            line(isFaulty && oneIn(40) ? "x" : "");
            at += size;
        }
        chunkSize(0, isFaulty);
        if (isFaulty && oneIn(6)) out.writeBytes(latin(TRAILERS));
        line("");
    }

    private void chunkSize(int size, boolean isFaulty) {
        line(sized(isFaulty && oneIn(10) ? any(CHUNK_SIZES) : "%x", size));
    }

    private static String sized(String text, int size) {
        return text.replace("%d", Integer.toString(size))
                .replace("%x", Integer.toHexString(size))
                .replace("%X", "A".repeat(size == 10 ? 1 : 0) + (size == 10 ? "" : Integer.toHexString(size)));
    }

    private void header(String name, String value) {
        line(cased(name) + (oneIn(20) ? ":" : ": ") + value + (oneIn(30) ? " " : ""));
    }

    private String cased(String name) {
        return switch (random.nextInt(4)) {
            case 0 -> name.toLowerCase(Locale.ROOT);
            case 1 -> name.toUpperCase(Locale.ROOT);
            default -> name;
        };
    }

    private void line(String text) {
        out.writeBytes(latin(text));
        out.writeBytes(latin(oneIn(400) ? any("\n", "\r", "\r\r\n", "\n\r", "", "\r\n\r\n") : "\r\n"));
    }

    private byte[] mutated(byte[] answer) {
        if (answer.length == 0) return answer;
        // Mostly in the head, where it matters.
        var at = random.nextInt(oneIn(4) ? answer.length : Math.min(answer.length, 300));
        var length = Math.min(answer.length - at, 1 + random.nextInt(oneIn(4) ? 40 : 3));
        return switch (random.nextInt(6)) {
            case 0 -> spliced(answer, at, 1, new byte[] {(byte) (answer[at] ^ 1 << random.nextInt(8))});
            case 1 -> spliced(answer, at, 0, special());
            case 2 -> spliced(answer, at, Math.min(1, length), special());
            case 3 -> spliced(answer, at, length, new byte[0]);
            case 4 -> spliced(answer, at, 0, Arrays.copyOfRange(answer, at, at + length));
            default ->
                oneIn(3)
                        ? Arrays.copyOf(answer, at)
                        : spliced(answer, at, 0, latin(any("\r\n", "\n", ": ", "\r\n\r\n")));
        };
    }

    private byte[] special() {
        return new byte[] {(byte) SPECIAL[random.nextInt(SPECIAL.length)]};
    }

    private static byte[] spliced(byte[] answer, int at, int length, byte[] with) {
        var spliced = new byte[answer.length - length + with.length];
        System.arraycopy(answer, 0, spliced, 0, at);
        System.arraycopy(with, 0, spliced, at, with.length);
        System.arraycopy(answer, at + length, spliced, at + with.length, answer.length - at - length);
        return spliced;
    }

    private boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    private String any(String... texts) {
        return texts[random.nextInt(texts.length)];
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
