package dev.meridian.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.List;

/// Removes a client's data from the span of a request: paths contain customer ids, queries contain search words,
/// addresses are personal data. The trace header's filter in `http` replaces the path by the route when it is known.
final class SpanRedactor implements SpanProcessor {
    /// Replaces a removed value (OpenTelemetry semantic conventions, `url.query`).
    static final String REDACTED = "REDACTED";

    private static final AttributeKey<String> URL_PATH = AttributeKey.stringKey("url.path");

    private static final List<AttributeKey<String>> FROM_THE_CLIENT = List.of(
            URL_PATH,
            AttributeKey.stringKey("url.query"),
            AttributeKey.stringKey("url.full"),
            AttributeKey.stringKey("http.target"),
            AttributeKey.stringKey("client.address"),
            AttributeKey.stringKey("network.peer.address"),
            AttributeKey.stringKey("user_agent.original"));

    private static final AttributeKey<String> DB_SYSTEM = AttributeKey.stringKey("db.system");

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
        // X-Ray's exporter recognises a SQL database by this name, that of the conventions; Vert.x uses another.
        if ("postgres".equals(span.getAttribute(DB_SYSTEM))) span.setAttribute(DB_SYSTEM, "postgresql");
        if (span.getKind() != SpanKind.SERVER) return;
        for (var key : FROM_THE_CLIENT) {
            if (span.getAttribute(key) != null) span.setAttribute(key, REDACTED);
        }
    }

    @Override
    public boolean isStartRequired() {
        return true;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        // Only the start matters.
    }

    @Override
    public boolean isEndRequired() {
        return false;
    }
}
