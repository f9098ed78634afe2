package dev.meridian.dynamoclient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpClientOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Our reader of HTTP beside netty's, as Vert.x' HTTP client configures that one. To repeat a run:
/// `-Dhttp1.seed=…`; after a change of the reader, a longer one: `-Dhttp1.inputs=10000000`, some minutes.
class Http1ReaderTest {
    private static final int INPUTS = Integer.getInteger("http1.inputs", 50_000);
    private static final long SEED = Long.getLong("http1.seed", System.nanoTime());

    /// What a reader made of some bytes.
    ///
    /// @param outcome `read`, `waits`, or why not
    /// @param isKeptAlive by the head alone
    private record Read(
            String outcome, int status, String requestId, String checksum, boolean isKeptAlive, byte[] body) {
        static Read not(String outcome) {
            return new Read(outcome, 0, null, null, false, null);
        }

        boolean isRead() {
            return outcome.equals("read");
        }

        boolean isLike(Read other) {
            return outcome.equals(other.outcome)
                    && status == other.status
                    && isKeptAlive == other.isKeptAlive
                    && Objects.equals(requestId, other.requestId)
                    && Arrays.equals(body, other.body);
        }
    }

    /// Our reader on one connection after another: a new one after each answer that does not keep it.
    private static final class Ours {
        private Http1Reader reader = new Http1Reader();
        private int surplus;

        Read read(byte[] answer, int... cuts) {
            var at = 0;
            try {
                for (var cut : cuts) {
                    if (reader.isComplete()) break;
                    reader.read(Unpooled.wrappedBuffer(answer, at, cut - at));
                    at = cut;
                }
                if (!reader.isComplete()) reader.read(Unpooled.wrappedBuffer(answer, at, answer.length - at));
            } catch (IOException e) {
                reader = new Http1Reader();
                return Read.not(e.getMessage());
            }
            if (!reader.isComplete()) {
                reader = new Http1Reader();
                return Read.not("waits");
            }
            var read = reader.answer();
            var body = Arrays.copyOfRange(read.bytes(), read.offset(), read.offset() + read.length());
            var ours = new Read("read", read.status(), read.requestId(), null, reader.keepsAlive(), body);
            if (reader.keepsAlive()) reader.reset();
            else reader = new Http1Reader();
            return ours;
        }
    }

    private static final class Netty {
        private static final HttpDecoderConfig CONFIG = new HttpDecoderConfig()
                .setMaxInitialLineLength(HttpClientOptions.DEFAULT_MAX_INITIAL_LINE_LENGTH)
                .setMaxHeaderSize(HttpClientOptions.DEFAULT_MAX_HEADER_SIZE)
                .setMaxChunkSize(HttpClientOptions.DEFAULT_MAX_CHUNK_SIZE)
                .setInitialBufferSize(HttpClientOptions.DEFAULT_DECODER_INITIAL_BUFFER_SIZE);

        /// The first answer among the bytes.
        static Read read(byte[] answer) {
            var channel = new EmbeddedChannel(new HttpResponseDecoder(CONFIG));
            try {
                channel.writeInbound(Unpooled.wrappedBuffer(answer));
                return first(channel);
            } finally {
                channel.finishAndReleaseAll();
            }
        }

        private static Read first(EmbeddedChannel channel) {
            HttpResponse head = null;
            var body = new ByteArrayOutputStream();
            for (Object part; (part = channel.readInbound()) != null; ReferenceCountUtil.release(part)) {
                if (part instanceof HttpResponse response) {
                    if (response.decoderResult().isFailure()) return Read.not("refused");
                    head = response;
                }
                if (part instanceof HttpContent content) {
                    if (content.decoderResult().isFailure()) return Read.not("refused");
                    body.writeBytes(ByteBufUtil.getBytes(content.content()));
                }
                if (part instanceof LastHttpContent && head != null) {
                    return new Read(
                            "read",
                            head.status().code(),
                            head.headers().get("x-amzn-requestid"),
                            head.headers().get("x-amz-crc32"),
                            HttpUtil.isKeepAlive(head),
                            body.toByteArray());
                }
            }
            return Read.not("waits");
        }
    }

    @Test
    void nettyReadsAlikeWhateverThisReaderAccepts() {
        var random = new Random(SEED);
        var answers = new MutatedAnswers(random);
        var ours = new Ours();
        var refusals = new TreeMap<String, TreeMap<String, Integer>>();
        var faults = new ArrayList<String>();
        var read = 0;
        var start = System.nanoTime();
        for (var i = 0; i < INPUTS && faults.size() < 20; i++) {
            var answer = answers.next();
            var netty = Netty.read(answer);
            var whole = ours.read(answer);
            var fault = fault(whole, netty, answer);
            if (fault == null)
                fault = i % 100 == 0 ? splitEverywhere(ours, whole, answer) : split(ours, whole, answer, random);
            if (fault != null)
                faults.add(fault + ": " + show(answer) + "\n  ours " + show(whole) + "\n  netty " + show(netty));
            if (whole.isRead()) read++;
            else
                refusals.computeIfAbsent(whole.outcome(), _ -> new TreeMap<>()).merge(netty.outcome(), 1, Integer::sum);
        }
        System.out.printf(
                "http1: seed=%d inputs=%d read alike=%d seconds=%d%n%s%n",
                SEED, INPUTS, read, (System.nanoTime() - start) / 1_000_000_000, table(refusals));
        assertTrue(faults.isEmpty(), () -> "seed " + SEED + "\n" + String.join("\n", faults));
        assertTrue(read > INPUTS / 4, "too few answers are right: " + read);
    }

    private static String fault(Read ours, Read netty, byte[] answer) {
        if (ours.isRead()) {
            // Bytes behind the answer close the connection, whatever the head says.
            if (ours.isLike(netty)) return null;
            var isClosed = new Read("read", netty.status, netty.requestId, null, false, netty.body);
            return netty.isRead() && ours.isLike(isClosed) && hasSurplus(answer, netty) ? null : "read otherwise";
        }
        return ours.outcome.equals("waits") && netty.isRead() ? "waits for more" : null;
    }

    private static boolean hasSurplus(byte[] answer, Read netty) {
        // Without its last byte, netty reads the same.
        return Netty.read(Arrays.copyOf(answer, answer.length - 1)).isLike(netty);
    }

    /// The same in some pieces. What comes in a later piece than the end of the answer is not looked at here.
    private static String split(Ours ours, Read whole, byte[] answer, Random random) {
        if (answer.length == 0) return null;
        var cuts = random.ints(1 + random.nextInt(6), 0, answer.length).sorted().toArray();
        return differs(whole, ours.read(answer, cuts)) ? "read otherwise in pieces " + Arrays.toString(cuts) : null;
    }

    private static String splitEverywhere(Ours ours, Read whole, byte[] answer) {
        var all = new int[answer.length];
        Arrays.setAll(all, i -> i);
        if (differs(whole, ours.read(answer, all))) return "read otherwise byte by byte";
        for (var i = 1; i < Math.min(answer.length, 2000); i++) {
            if (differs(whole, ours.read(answer, i))) return "read otherwise in two pieces at " + i;
        }
        return null;
    }

    private static boolean differs(Read whole, Read pieces) {
        if (!whole.isRead() || pieces.isLike(whole)) return !whole.outcome.equals(pieces.outcome);
        var isKept = new Read("read", pieces.status, pieces.requestId, null, whole.isKeptAlive, pieces.body);
        return !isKept.isLike(whole) || whole.isKeptAlive;
    }

    private static String table(Map<String, TreeMap<String, Integer>> refusals) {
        return refusals.entrySet().stream()
                .map(kind -> "  %-50s netty: %s".formatted(kind.getKey(), kind.getValue()))
                .collect(Collectors.joining("\n"));
    }

    private static String show(Read read) {
        return read.isRead()
                ? "%d %s %s %s"
                        .formatted(
                                read.status,
                                read.requestId,
                                read.isKeptAlive,
                                HexFormat.of().formatHex(read.body))
                : read.outcome;
    }

    private static String show(byte[] answer) {
        return new String(answer, 0, Math.min(answer.length, 700), StandardCharsets.ISO_8859_1)
                .replace("\r", "\\r")
                .replace("\n", "\\n")
                .replace("\0", "\\0");
    }

    private static final String HEAD = "HTTP/1.1 200 OK\r\n";

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Read read(String answer) {
        return new Ours().read(latin(answer));
    }

    /// As DynamoDB answers: with what the test above makes of it only by chance.
    @Test
    void dynamoDbsAnswerIsRead() {
        var read = read(HEAD + """
                Server: Server\r
                Date: Sat, 28 Nov 2026 10:00:00 GMT\r
                Content-Type: application/x-amz-json-1.0\r
                Content-Length: 2\r
                Connection: keep-alive\r
                x-amzn-RequestId: J2A4\r
                x-amz-crc32: 2745614147\r
                \r
                {}""");
        assertEquals("read", read.outcome());
        assertEquals(200, read.status());
        assertEquals("J2A4", read.requestId());
        assertTrue(read.isKeptAlive());
        assertArrayEquals(latin("{}"), read.body());
    }

    @Test
    void chunksAreReadAndBehindThemNothing() {
        var chunked = HEAD + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n";
        assertArrayEquals(latin("abc0123456789"), read(chunked).body());
        assertTrue(read(chunked).isKeptAlive());
        assertFalse(read(chunked + "x").isKeptAlive());
        assertArrayEquals(latin("abc0123456789"), read(chunked + "x").body());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Content-Length: 2~x-amz-crc32: 1                  | a body with another checksum
            Transfer-Encoding: chunked~Content-Length: 2      | a content-length with chunks
            Content-Length: 2~Content-Length: 2               | a header twice
            Content-Length: 33554433                          | a body that is too long
            Content-Type: text/html                           | a body without a length
            Content-Length: 2~ folded                         | a header without a name
            Content-Length : 2                                | a header without a name
            """)
    void whatWouldHaveToBeGuessedIsRefused(String headers, String why) {
        assertEquals(
                why, read(HEAD + headers.replace("~", "\r\n") + "\r\n\r\n{}").outcome());
    }

    @Test
    void headsAndChunksAreBounded() {
        var full = "X: " + "x".repeat(Http1Reader.HEAD_MAX - HEAD.length() - 3 - 2 - 21 - 2) + "\r\n";
        assertEquals("read", read(HEAD + full + "Content-Length: 002\r\n\r\n{}").outcome());
        assertEquals(
                "a head that is too long",
                read(HEAD + full + "Content-Length: 0002\r\n\r\n{}").outcome());
        assertEquals(
                "a status line that is too long",
                read("HTTP/1.1 200 " + "x".repeat(5000)).outcome());
    }

    /// Chunks of one byte each take six on the way, and the buffer grows with the body alone.
    @Test
    void theLinesBetweenChunksTakeNoRoom() throws IOException {
        var reader = new Http1Reader();
        reader.read(Unpooled.wrappedBuffer(latin(HEAD + "Transfer-Encoding: chunked\r\n\r\n")));
        var chunk = latin("1\r\nx\r\n");
        for (var i = 0; i < 60_000; i++) reader.read(Unpooled.wrappedBuffer(chunk));
        reader.read(Unpooled.wrappedBuffer(latin("0\r\n\r\n")));
        assertEquals(60_000, reader.answer().length());
        assertTrue(reader.answer().bytes().length <= 128 * 1024);
    }

    @Test
    void bodiesInChunksAreBoundedToo() throws IOException {
        var reader = new Http1Reader();
        reader.read(Unpooled.wrappedBuffer(latin(HEAD + "Transfer-Encoding: chunked\r\n\r\n1000000\r\n")));
        var piece = new byte[1024 * 1024];
        for (var i = 0; i < 16; i++) reader.read(Unpooled.wrappedBuffer(piece));
        reader.read(Unpooled.wrappedBuffer(latin("\r\n1000000\r\n")));
        for (var i = 0; i < 16; i++) reader.read(Unpooled.wrappedBuffer(piece));
        assertEquals(
                "a body that is too long",
                assertThrows(IOException.class, () -> reader.read(Unpooled.wrappedBuffer(latin("\r\n1\r\n"))))
                        .getMessage());
    }
}
