package dev.meridian.reconcile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.meridian.shared.Csv;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;

/// Writes each difference as soon as it is found: only keys and column names, since values are customers' data.
final class DifferenceWriter {
    private static final JsonFactory JSON = new JsonFactory();

    private final PrintWriter out;
    private final ReconcileRequest.Format format;
    private long written;

    DifferenceWriter(PrintWriter out, ReconcileRequest.Format format) {
        this.out = out;
        this.format = format;
    }

    /// How the two sides differ in a row.
    enum Kind {
        MISSING_IN_NEW,
        DIFFERENT,
        ONLY_IN_NEW
    }

    void begin() {
        out.print(format == ReconcileRequest.Format.CSV ? Csv.line("table", "key", "difference", "columns") : "[");
    }

    void write(ComparedTable table, String key, Kind kind, List<String> columns) {
        var difference = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
        if (format == ReconcileRequest.Format.CSV) {
            out.print(Csv.line(table.table(), key, difference, String.join(" ", columns)));
        } else {
            out.print(written == 0 ? "\n" : ",\n");
            out.print(json(table, key, difference, columns));
        }
        written++;
    }

    void end() {
        if (format == ReconcileRequest.Format.JSON) out.println(written == 0 ? "]" : "\n]");
        out.flush();
    }

    long written() {
        return written;
    }

    private static String json(ComparedTable table, String key, String difference, List<String> columns) {
        var text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("table", table.table());
            json.writeStringField("key", key);
            json.writeStringField("difference", difference);
            json.writeArrayFieldStart("columns");
            for (var column : columns) json.writeString(column);
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }
}
