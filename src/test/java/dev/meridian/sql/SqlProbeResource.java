package dev.meridian.sql;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.microprofile.openapi.annotations.Operation;

/// For tests only: runs SQL within a request and returns the outcome.
@Path("/test/sql")
public class SqlProbeResource {
    private final Sql sql;

    SqlProbeResource(Sql sql) {
        this.sql = sql;
    }

    @GET
    @Operation(hidden = true)
    public Uni<Map<String, Object>> run() {
        var context = Vertx.currentContext();
        var trace = Span.current().getSpanContext();
        return sql.read("probe", "SELECT $1::int AS n", Tuple.of(7))
                .flatMap(rows -> sql.write(
                        "probe",
                        "SELECT $1::int AS n",
                        Tuple.of(rows.iterator().next().getInteger("n"))))
                .map(rows -> Map.of(
                        "n", rows.iterator().next().getInteger("n"),
                        "sameContext", Vertx.currentContext() == context,
                        "sameTrace", Span.current().getSpanContext().equals(trace),
                        "trace", trace.getTraceId(),
                        "span", trace.getSpanId()));
    }

    /// Keeps the ended client spans: `trace id/parent span id`.
    @ApplicationScoped
    public static class ClientSpans implements SpanProcessor {
        static final Queue<String> ENDED = new ConcurrentLinkedQueue<>();

        @Override
        public void onStart(Context parent, ReadWriteSpan span) {}

        @Override
        public boolean isStartRequired() {
            return false;
        }

        @Override
        public void onEnd(ReadableSpan span) {
            if (span.getKind() == SpanKind.CLIENT) {
                ENDED.add(span.getSpanContext().getTraceId() + "/"
                        + span.getParentSpanContext().getSpanId() + " " + span.getName());
            }
        }

        @Override
        public boolean isEndRequired() {
            return true;
        }
    }
}
