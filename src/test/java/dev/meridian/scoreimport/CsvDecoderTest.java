package dev.meridian.scoreimport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvDecoderTest {
    private static List<CsvDecoder.Row> read(byte[] bytes, int pieceSize) {
        var csv = new CsvDecoder(64, CsvEncoding.Kind.UTF_8);
        var rows = new ArrayList<CsvDecoder.Row>();
        for (int i = 0; i < bytes.length; i += pieceSize) {
            rows.addAll(csv.feed(java.util.Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + pieceSize))));
        }
        rows.addAll(csv.finish());
        return rows;
    }

    private static List<CsvDecoder.Row> read(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var rows = read(bytes, bytes.length + 1);
        for (int size = 1; size < 9; size++) {
            assertEquals(rows, read(bytes, size), "in pieces of " + size);
        }
        return rows;
    }

    @Test
    void anyLineEndAndNoneAtTheEnd() {
        for (var end : List.of("\n", "\r\n", "\r")) {
            var rows = read("a,b" + end + end + "  " + end + "c,d");
            assertEquals(2, rows.size());
            assertEquals(List.of("a", "b"), rows.get(0).fields());
            assertEquals(1, rows.get(0).line());
            assertEquals(List.of("c", "d"), rows.get(1).fields());
            assertEquals(4, rows.get(1).line());
        }
    }

    @Test
    void quotesHoldCommasQuotesAndLines() {
        var rows = read("\"a,\"\"b\"\"\",\"x\r\ny\",\nz,\"\",é\n");
        assertEquals(List.of("a,\"b\"", "x\r\ny", ""), rows.get(0).fields());
        assertEquals(List.of("z", "", "é"), rows.get(1).fields());
        assertEquals(3, rows.get(1).line());
    }

    @Test
    void theByteOrderMarkIsNoText() {
        assertEquals(List.of("a", "b"), read("\uFEFF\"a\",b").getFirst().fields());
        assertEquals(List.of("\uFEFFb"), read("\uFEFF\uFEFFb").getFirst().fields());
    }

    @Test
    void aMalformedRowDoesNotSpoilTheNext() {
        var rows = read("a\"b,c\nd,\"e\"f\nok,1\n" + "x".repeat(65) + "\nok,2\n\"never\nclosed");
        assertEquals("has a quote inside an unquoted field", rows.get(0).problem());
        assertEquals("has text after a closing quote", rows.get(1).problem());
        assertEquals(List.of("ok", "1"), rows.get(2).fields());
        assertNull(rows.get(2).problem());
        assertEquals("is longer than 64 bytes", rows.get(3).problem());
        assertEquals(List.of("ok", "2"), rows.get(4).fields());
        assertEquals("a quote is never closed", rows.get(5).problem());
        assertEquals(6, rows.get(5).line());
        assertEquals(6, rows.size());
        assertEquals(64, read("x".repeat(64)).getFirst().fields().getFirst().length());
    }

    @Test
    void anOpenQuoteEndsWithItsRowsBound() {
        var rows = read("\"" + "y\n".repeat(40) + "ok,1\n");
        assertEquals("is longer than 64 bytes", rows.getFirst().problem());
        assertEquals(List.of("ok", "1"), rows.getLast().fields());
        assertEquals(41, rows.getLast().line());
    }

    @Test
    void whatIsNotUtf8IsRefused() {
        var rows = read(new byte[] {'a', ',', (byte) 0xC3, '\n', 'b'}, 2);
        assertTrue(
                rows.get(0).problem().startsWith("is not UTF-8; "), rows.get(0).problem());
        assertEquals(List.of("b"), rows.get(1).fields());
    }

    @Test
    void theFirstLineTellsTheSeparator() {
        for (char separator : new char[] {',', ';', '\t'}) {
            var rows = read("a,b;c".replace(',', separator).replace(';', separator) + "\n1" + separator + "\"x"
                    + separator + "y\"" + separator + "\n" + separator + separator + "\n");
            assertEquals(List.of("a", "b", "c"), rows.get(0).fields());
            assertEquals(List.of("1", "x" + separator + "y", ""), rows.get(1).fields());
            assertEquals(2, rows.size());
        }
        assertEquals(List.of("a,b", "c"), read("\"a,b\";c\n").getFirst().fields());
        assertEquals(List.of("a,b"), read("sep=;\r\na,b\r\n").getFirst().fields());
        assertEquals(2, read("sep=;\r\na,b\r\n").getFirst().line());
    }

    @Test
    void textIsReadInItsCharacterSet() {
        var text = "name;v\nJos\u00e9 \u20ac\ud83d\ude00;1\n";
        var fields = List.of("Jos\u00e9 \u20ac\ud83d\ude00", "1");
        for (var charset : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE)) {
            for (var mark : List.of("", "\uFEFF")) {
                for (int size : List.of(1, 2, 3, 99)) {
                    var rows = read((mark + text).getBytes(charset), size);
                    assertEquals(fields, rows.get(1).fields(), charset + " in pieces of " + size);
                }
            }
        }
        var csv = new CsvDecoder(64, CsvEncoding.Kind.WINDOWS_1252);
        var rows = csv.feed("a;b\n\u00e9\u0080;\u009f\n\u0081;1\n".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(List.of("\u00e9\u20ac", "\u0178"), rows.get(1).fields());
        assertTrue(
                rows.get(2).problem().startsWith("is not Windows-1252"),
                rows.get(2).problem());
    }

    @Test
    void halfACharacterIsNoText() {
        var rows = read(new byte[] {'a', 0, '\n', 0, 0, (byte) 0xD8, '\n', 0, 'b'}, 2);
        assertTrue(
                rows.get(1).problem().startsWith("is not UTF-16"), rows.get(1).problem());
        assertTrue(
                rows.get(2).problem().startsWith("is not UTF-16"), rows.get(2).problem());
    }

    @Test
    void nothingIsNoRow() {
        assertEquals(List.of(), read(""));
        assertEquals(List.of(), read("\n\r\n  \n"));
    }
}
