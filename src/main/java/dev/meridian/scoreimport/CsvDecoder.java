package dev.meridian.scoreimport;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

/// Decodes CSV (RFC 4180) piece by piece, with one row in memory. Lines end with LF, CRLF or CR; a byte order
/// mark and blank lines are skipped. After a malformed row, decoding continues at the next line.
final class CsvDecoder {
    /// A row.
    ///
    /// @param line where it begins, from 1
    /// @param fields its fields, unquoted; empty when there is a problem
    /// @param problem why the row is malformed; null when it is not
    record Row(long line, List<String> fields, String problem) {}

    private enum State {
        FIELD_START,
        PLAIN,
        QUOTED,
        AFTER_QUOTE,
        SKIPPING
    }

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final int rowBytesMax;
    private final Charset charset;
    private final ByteArrayOutputStream field = new ByteArrayOutputStream();
    private List<String> fields = new ArrayList<>();
    private List<Row> rows = new ArrayList<>();
    private State state = State.FIELD_START;
    private String problem;
    private boolean quoted;
    private boolean afterReturn;
    private int rowBytes;
    private int marked;
    private long line = 1;
    private long rowLine = 1;

    /// @param charset any ASCII-compatible one
    CsvDecoder(int rowBytesMax, Charset charset) {
        this.charset = charset;
        this.rowBytesMax = rowBytesMax;
    }

    /// @return the rows that ended in this piece
    List<Row> feed(byte[] piece) {
        for (byte b : piece) {
            if (marked < BYTE_ORDER_MARK.length) {
                if (b == BYTE_ORDER_MARK[marked]) {
                    marked++;
                    continue;
                }
                marked = BYTE_ORDER_MARK.length;
            }
            next(b);
        }
        return taken();
    }

    /// The end of the file.
    ///
    /// @return the last row, if it had no line end
    List<Row> finish() {
        if (state == State.QUOTED) problem = "a quote is never closed";
        if (rowBytes > 0) endRow();
        return taken();
    }

    private List<Row> taken() {
        var result = rows;
        rows = new ArrayList<>();
        return result;
    }

    private void next(byte b) {
        boolean lineEnd = b == '\n' || b == '\r';
        boolean secondOfPair = b == '\n' && afterReturn;
        afterReturn = b == '\r';
        if (lineEnd && !secondOfPair) line++;
        if (secondOfPair && state != State.QUOTED) return;
        if (lineEnd && state != State.QUOTED) {
            endRow();
            return;
        }
        if (++rowBytes > rowBytesMax && state != State.SKIPPING) {
            skip("is longer than " + rowBytesMax + " bytes");
            if (lineEnd) endRow();
            return;
        }
        switch (state) {
            case FIELD_START -> {
                if (b == '"') {
                    quoted = true;
                    state = State.QUOTED;
                } else {
                    state = State.PLAIN;
                    plain(b);
                }
            }
            case PLAIN -> plain(b);
            case QUOTED -> {
                if (b == '"') state = State.AFTER_QUOTE;
                else field.write(b);
            }
            case AFTER_QUOTE -> {
                if (b == '"') {
                    field.write(b);
                    state = State.QUOTED;
                } else if (b == ',') endField();
                else skip("has text after a closing quote");
            }
            case SKIPPING -> {}
        }
    }

    private void plain(byte b) {
        if (b == ',') endField();
        else if (b == '"') skip("has a quote inside an unquoted field");
        else field.write(b);
    }

    private void skip(String reason) {
        problem = reason;
        state = State.SKIPPING;
        field.reset();
    }

    private void endField() {
        try {
            fields.add(charset.newDecoder()
                    .decode(ByteBuffer.wrap(field.toByteArray()))
                    .toString());
        } catch (CharacterCodingException _) {
            problem = "is not " + charset.name();
        }
        field.reset();
        state = State.FIELD_START;
    }

    private void endRow() {
        if (problem == null) endField();
        boolean blank = problem == null
                && !quoted
                && fields.size() == 1
                && fields.getFirst().isBlank();
        if (!blank) rows.add(new Row(rowLine, problem == null ? List.copyOf(fields) : List.of(), problem));
        fields = new ArrayList<>();
        field.reset();
        problem = null;
        quoted = false;
        rowBytes = 0;
        rowLine = line;
        state = State.FIELD_START;
    }
}
