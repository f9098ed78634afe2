package dev.meridian.region;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HysteresisTest {
    /// Feeds outcomes (+ success, - failure) and returns the states (U up, D down).
    private static String states(Hysteresis hysteresis, String outcomes) {
        var states = new StringBuilder();
        outcomes.chars().forEach(c -> states.append(hysteresis.after(c == '+') ? 'U' : 'D'));
        return states.toString();
    }

    @Test
    void theFirstOutcomeDecidesAtOnce() {
        assertEquals("D", states(new Hysteresis(3, 3), "-"));
        assertEquals("U", states(new Hysteresis(3, 3), "+"));
    }

    @Test
    void onlyFailuresInARowGoDown() {
        assertEquals("UUUUUUUD", states(new Hysteresis(3, 2), "+--+" + "+---"));
    }

    @Test
    void onlySuccessesInARowComeUp() {
        assertEquals("UDDDDU", states(new Hysteresis(1, 2), "+-+-++"));
    }

    @Test
    void oneIsAtOnce() {
        assertEquals("UDUD", states(new Hysteresis(1, 1), "+-+-"));
    }
}
