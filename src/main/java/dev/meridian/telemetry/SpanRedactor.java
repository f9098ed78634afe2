package dev.meridian.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.List;

/// Takes what a client sent out of a request's span before anyone can see it: paths hold customer ids, queries
/// hold search words, addresses are personal data. The filter of the trace header in `http` puts the
/// route in place of the path when it is known.
final class SpanRedactor implements SpanProcessor {
    /// What stands for a removed value (OpenTelemetry semantic conventions, `url.query`).
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
        // The name that the conventions have, by which X-Ray's exporter knows a SQL database; Vert.x has another.
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
