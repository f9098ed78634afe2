package dev.meridian.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestRepairsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "/a?b=c /a?b=c",
                "/a?u=spring|sale /a?u=spring%7Csale",
                "/a?u={{c}} /a?u=%7B%7Bc%7D%7D",
                "/a?u=a^b`c\\d /a?u=a%5Eb%60c%5Cd",
                "/a?d=100% /a?d=100%25",
                "/a?d=%4 /a?d=%254",
                "/a?d=%zz%20% /a?d=%25zz%20%25",
                "/a?b=c;page=x /a?b=c%3Bpage=x",
                "/a?x[]=1&y=? /a?x[]=1&y=?",
                "/a|b /a%7Cb",
                "/a\\b /a\\b",
                "/a%zz /a%zz",
                "/a;b /a;b",
                "/a?b#c /a?b",
                "http://localhost:80/a?b=| /a?b=%7C",
                "HTTPS://localhost /",
                "http://localhost?a /?a",
                "* *"
            })
    void targetsBecomeUris(String sent, String repaired) {
        assertEquals(repaired, RequestRepairs.target(sent));
        assertEquals(repaired, RequestRepairs.target(repaired));
    }

    @Test
    void bytesOfTextAreEscaped() {
        assertEquals("/a?k=br%C3%BBl%C3%A9e", RequestRepairs.target("/a?k=br\u00c3\u00bbl\u00c3\u00a9e"));
    }

    /// Whatever the query holds, the target is plain when its path is.
    @Test
    void noQueryIsRefused() {
        var random = new Random(5);
        for (int i = 0; i < 100_000; i++) {
            var query = new StringBuilder("/catalog?");
            for (int n = random.nextInt(12); n > 0; n--) query.append((char) (0x21 + random.nextInt(0xDE)));
            var target = RequestRepairs.target(query.toString());
            assertEquals(true, HttpLimits.isPlain(target), () -> query + " became " + target);
            assertEquals(target, RequestRepairs.target(target));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/*|*/*",
                "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2|"
                        + "text/html,image/gif,image/jpeg,*/*;q=0.200,*/*;q=0.200",
                "text/html; charset=|text/html",
                "*/*;q=|*/*;q=1",
                "a/b;q=2, c/d; q=0.5;x=y|a/b;q=1,c/d;q=0.500;x=y",
                "text/html;q=0|application/x-nothing",
                "text/html;q=0.0, */*|*/*",
                "application/json;q=0,*/*|text/html,*/*",
                "a/b;c=\"d,e;f\",g/h|a/b;c=\"d,e;f\",g/h",
                "a/b;c=\"d|''",
                "x|''",
                "/|''",
                ",;,|''",
                "*/json|''"
            })
    void whatIsNoMediaRangeIsLeftOut(String sent, String repaired) {
        assertEquals(repaired, AcceptHeader.repaired(sent));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json;charset=nope|application/json",
                "application/json; q=;=|application/json",
                "text/csv; header=present; charset=\"UTF-16\"|text/csv;charset=UTF-16",
                "application/x-www-form-urlencoded; charset=|application/x-www-form-urlencoded",
                ";;;|;;;",
                "text|text"
            })
    void aContentTypeKeepsItsCharacterSetAlone(String sent, String repaired) {
        assertEquals(repaired, RequestRepairs.contentType(sent));
    }
}
