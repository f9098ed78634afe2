package dev.meridian.http;

import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Bounds bodies without a `Content-Length` while they are read. [HttpLimits] refuses bodies whose
/// `Content-Length` is too large; an import reads and bounds its own body.
@jakarta.ws.rs.ext.Provider
@ApplicationScoped
class BodyLimit implements ReaderInterceptor {
    private static final String CSV = "text/csv";

    /// The limit of Quarkus is higher, since it closes the connection and sends no problem.
    private static final long SECOND_BOUND = 128 * 1024;

    private final Provider<HttpConfig> config;

    /// The bounds, once they are known: this class is created while the application is built.
    private volatile Bounds bounds;

    private record Bounds(long body, long csv) {}

    BodyLimit(Provider<HttpConfig> config) {
        this.config = config;
    }

    /// The largest body of a content type, bytes. Only imports take `text/csv`, which may be larger.
    long max(String type) {
        var known = bounds;
        if (known == null) {
            var all = config.get();
            known = new Bounds(all.bodySizeMax().asLongValue(), all.csvSizeMax().asLongValue());
            bounds = known;
        }
        return isImport(type) ? known.csv : known.body;
    }

    boolean isImport(String type) {
        return type != null && type.regionMatches(true, 0, CSV, 0, CSV.length());
    }

    void onRouter(@Observes Router router) {
        // After Quarkus sets its limit, which is the same for every type.
        router.route().order(FilterOrder.BODY_LIMIT).handler(context -> {
            var max = max(context.request().getHeader(HttpHeaders.CONTENT_TYPE));
            context.put(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY, max + SECOND_BOUND);
            context.next();
        });
    }

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        var type = context.getMediaType();
        var name = type == null ? null : type.toString();
        var text = name != null && name.contains("json") ? new Utf8Check() : null;
        context.setInputStream(new Bounded(context.getInputStream(), max(name), text));
        return context.proceed();
    }

    /// Fails with a problem after this many bytes, and at bytes that are no text.
    private static final class Bounded extends FilterInputStream {
        private final Utf8Check text;
        private long left;

        /// @param text null when it need be none
        Bounded(InputStream in, long max, Utf8Check text) {
            super(in);
            this.left = max;
            this.text = text;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            if (read >= 0) count(1);
            if (read >= 0 && text != null) text.add(read);
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            if (read > 0) count(read);
            for (int i = 0; i < read && text != null; i++) text.add(bytes[offset + i] & 0xFF);
            return read;
        }

        /// Does not drain the rest, as Quarkus does on close: a body that is too large may have no end.
        @Override
        public void close() throws IOException {
            if (left >= 0) super.close();
        }

        private void count(int read) {
            left -= read;
            if (left < 0) {
                var code = SharedProblem.CONTENT_TOO_LARGE;
                throw new ProblemException(code, code.title() + ".");
            }
        }
    }
}
