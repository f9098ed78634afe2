package dev.meridian.telemetry;

import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.Map;

/// Headers of a request in a map.
final class HeaderMap {
    static final TextMapGetter<Map<String, String>> GETTER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> headers) {
            return headers.keySet();
        }

        @Override
        public String get(Map<String, String> headers, String name) {
            return headers.get(name);
        }
    };

    private HeaderMap() {}
}
