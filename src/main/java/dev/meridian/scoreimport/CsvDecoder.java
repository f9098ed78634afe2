package dev.meridian.scoreimport;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Decodes CSV (RFC 4180) piece by piece, with one row in memory. Lines end with LF, CRLF or CR; a byte
/// order mark and blank lines are skipped, and so are rows of empty fields. The first line tells which
/// character separates fields: comma, semicolon or tab. After a malformed row, decoding continues at the
/// next line.
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

    /// What some spreadsheets read and write before the first row.
    private static final Pattern NAMED = Pattern.compile("\"?sep=([,;\t])\"?", Pattern.CASE_INSENSITIVE);

    private final int rowBytesMax;
    private final CsvEncoding encoding;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
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
    /// 0 until the first line is complete.
    private byte separator;

    private boolean isHeadQuoted;

    CsvDecoder(int rowBytesMax, CsvEncoding.Kind charset) {
        this.encoding = new CsvEncoding(charset);
        this.rowBytesMax = rowBytesMax;
    }

    /// @return the rows that ended in this piece
    List<Row> feed(byte[] piece) {
        read(encoding.toUtf8(piece));
        return taken();
    }

    private void read(byte[] piece) {
        for (byte b : piece) {
            if (marked < BYTE_ORDER_MARK.length) {
                if (b == BYTE_ORDER_MARK[marked]) {
                    marked++;
                    continue;
                }
                marked = BYTE_ORDER_MARK.length;
            }
            if (separator == 0) head(b);
            else next(b);
        }
    }

    /// Keeps the first line that is not blank until it is complete.
    private void head(byte b) {
        head.write(b);
        if (b == '"') isHeadQuoted = !isHeadQuoted;
        boolean isEnd = (b == '\n' || b == '\r') && !isHeadQuoted;
        if (head.size() > rowBytesMax || isEnd && !head.toString(UTF_8).isBlank()) headIsComplete();
    }

    private void headIsComplete() {
        var line = head.toString(UTF_8);
        var named = NAMED.matcher(line.strip());
        separator = (byte) (named.matches() ? named.group(1).charAt(0) : separator(line));
        for (byte b : head.toByteArray()) next(b);
        head.reset();
        // A spreadsheet's own line about its separator is no row.
        if (named.matches()) rows.clear();
    }

    /// The one that occurs most often outside of quotes.
    private static char separator(String line) {
        var unquoted = line.replaceAll("\"[^\"]*\"", "");
        char best = ',';
        for (char other : new char[] {';', '\t'}) {
            if (count(unquoted, other) > count(unquoted, best)) best = other;
        }
        return best;
    }

    private static long count(String text, char c) {
        return text.chars().filter(one -> one == c).count();
    }

    /// What separates fields; 0 before the first row.
    char separator() {
        return (char) separator;
    }

    /// The end of the file.
    ///
    /// @return the last row, if it had no line end
    List<Row> finish() {
        read(encoding.finish());
        if (separator == 0) headIsComplete();
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
                } else if (b == separator) endField();
                else skip("has text after a closing quote");
            }
            case SKIPPING -> {}
        }
    }

    private void plain(byte b) {
        if (b == separator) endField();
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
            fields.add(UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(field.toByteArray()))
                    .toString());
        } catch (CharacterCodingException _) {
            problem = "is not " + encoding.label()
                    + "; the content type may name the character set, as in text/csv; charset=windows-1252";
        }
        field.reset();
        state = State.FIELD_START;
    }

    private void endRow() {
        if (problem == null) endField();
        boolean blank = problem == null && fields.stream().allMatch(String::isBlank) && (!quoted || fields.size() > 1);
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
