package dev.meridian.leaderboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.meridian.shared.ProblemException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScoreRulesTest {
    @Test
    void namesWithJoinersAreNames() {
        for (var name : List.of(
                "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", // Persian
                "\u0915\u094d\u200d\u0937", // Hindi
                "\u0d28\u0d4d\u200d", // Malayalam
                "\ud83d\udc69\u200d\ud83d\ude80",
                "\ud83d\udc69\ud83c\udffd\u200d\ud83d\ude80",
                "\ud83c\udff3\ufe0f\u200d\ud83c\udf08",
                new String(Character.toChars(0x1f3f4)) + tags(0xe0067, 0xe0062, 0xe0065, 0xe006e, 0xe0067, 0xe007f)))
            assertEquals(name, ScoreRules.player(name));
    }

    private static String tags(int... codes) {
        return new String(codes, 0, codes.length);
    }

    @Test
    void playersAreOneToSixtyFourPrintableCharacters() {
        assertEquals("x", ScoreRules.player(" x "));
        assertEquals("é", ScoreRules.player("e\u0301"));
        assertEquals("😀".repeat(64), ScoreRules.player("😀".repeat(64)));
        assertEquals("a b/c#%", ScoreRules.player("a b/c#%"));
        var wrong = List.of(
                "",
                "  ",
                "\u00a0",
                "\u200b",
                "\u200d",
                "x\u200d",
                "\u200dx",
                "a\u200d\u200db",
                "a \u200cb",
                "#countries",
                " #x",
                "a\u0000b",
                "a\nb",
                "a\u202Eb",
                "\uD800",
                "x".repeat(65));
        for (var name : wrong) {
            assertThrows(ProblemException.class, () -> ScoreRules.player(name), name);
        }
        assertThrows(ProblemException.class, () -> ScoreRules.player(null));
        assertThrows(ProblemException.class, () -> ScoreRules.player("😀".repeat(65)));
    }

    @Test
    void countriesAreIsoCodesOfEitherCase() {
        assertEquals("GB", ScoreRules.country("gb"));
        assertEquals("NL", ScoreRules.country(" NL "));
        for (var code : List.of("", "N", "NLD", "UK", "XX", "ZZ", "ıN", "12")) {
            assertThrows(ProblemException.class, () -> ScoreRules.country(code), code);
        }
    }

    @Test
    void scoresAreDigitsUpToTheBound() {
        assertEquals(0, ScoreRules.score("0"));
        assertEquals(ScoreRules.SCORE_MAX, ScoreRules.score("1000000000000"));
        for (var text : List.of("", "-1", "+1", "1.0", "1e3", "1000000000001", "99999999999999999999", "١", "0x1")) {
            assertThrows(ProblemException.class, () -> ScoreRules.score(text), text);
        }
        assertThrows(ProblemException.class, () -> ScoreRules.score(-1));
        assertThrows(ProblemException.class, () -> ScoreRules.score(ScoreRules.SCORE_MAX + 1));
    }
}
