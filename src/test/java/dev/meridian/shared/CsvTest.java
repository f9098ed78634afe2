package dev.meridian.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CsvTest {
    @Test
    void plainCellsStayAsTheyAre() {
        assertEquals("a,1,,b c\r\n", Csv.line("a", 1, null, "b c"));
        assertEquals("2026-11-21T07:01:33Z,x-1\r\n", Csv.line("2026-11-21T07:01:33Z", "x-1"));
    }

    @Test
    void separatorsQuotesAndLineEndsAreQuoted() {
        assertEquals("\"a,b\",\"say \"\"hi\"\"\",\"x\ny\",\"x;y\"\r\n", Csv.line("a,b", "say \"hi\"", "x\ny", "x;y"));
    }

    @Test
    void noCellIsAFormula() {
        for (var first : new String[] {"=", "+", "-", "@", "|", "%"}) {
            assertEquals("'" + first + "1+1\r\n", Csv.line(first + "1+1"));
            assertEquals("' " + first + "1+1\r\n", Csv.line(" " + first + "1+1"));
        }
        assertEquals("\"'\t=1\"\r\n", Csv.line("\t=1"));
        assertEquals("\"'\r=1\"\r\n", Csv.line("\r=1"));
        assertEquals("\"'=1,2\"\r\n", Csv.line("=1,2"));
    }
}
