package dev.meridian.http;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.compression.ZlibCodecFactory;
import io.netty.handler.codec.compression.ZlibWrapper;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpContentEncoder;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import java.util.Locale;
import java.util.regex.Pattern;

/// Compresses the answers of one connection with gzip, for clients that take it: text of 1 KiB and more.
/// Neither the load balancer nor Global Accelerator does.
///
/// An answer with a strong entity tag goes as it is: the tag names its bytes (RFC 9110, section 8.8.1), and
/// `If-Match` needs it.
final class Compressor extends HttpContentEncoder {
    /// Below, a packet more or less is no gain.
    private static final int SIZE_MIN = 1024;

    /// Of the library's levels the cheapest that makes a quarter of a page.
    private static final int LEVEL = 3;

    private static final int WINDOW_BITS = 15;
    private static final int MEMORY_LEVEL = 8;
    private static final String GZIP = "gzip";

    private static final Pattern TEXT = Pattern.compile(
            "text/.*|application/(?:[\\w.-]+\\+)?(?:json|yaml|javascript|openmetrics-text)\\b.*|image/svg.*");

    private static final Pattern TAKES_GZIP = Pattern.compile(
            "(?:^|,)\\s*(?:gzip|x-gzip|\\*)\\s*(?:;\\s*q\\s*=\\s*(?!0(?:\\.0*)?\\s*(?:,|$))[\\d.]+\\s*)?(?=,|$)",
            Pattern.CASE_INSENSITIVE);

    @Override
    protected Result beginEncode(HttpResponse head, String acceptEncoding) {
        var headers = head.headers();
        // Most answers are small, which is seen first.
        if (!isLarge(head) || headers.contains(HttpHeaderNames.CONTENT_ENCODING)) return null;
        if (!isText(headers.get(HttpHeaderNames.CONTENT_TYPE))) return null;
        var tag = headers.get(HttpHeaderNames.ETAG);
        if (tag != null && !tag.startsWith("W/")
                || !TAKES_GZIP.matcher(acceptEncoding).find()) return null;
        return new Result(
                GZIP,
                new EmbeddedChannel(
                        ZlibCodecFactory.newZlibEncoder(ZlibWrapper.GZIP, LEVEL, WINDOW_BITS, MEMORY_LEVEL)));
    }

    static boolean isText(String type) {
        return type != null && TEXT.matcher(type.toLowerCase(Locale.ROOT)).matches();
    }

    /// A body whose length is not known yet is a stream, which may become long.
    private static boolean isLarge(HttpResponse head) {
        if (head instanceof HttpContent whole) return whole.content().readableBytes() >= SIZE_MIN;
        var length = head.headers().get(HttpHeaderNames.CONTENT_LENGTH);
        return length == null || Long.parseLong(length) >= SIZE_MIN;
    }
}
