package dev.meridian.mysfit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecentMysfitsTest {
    private static Mysfit mysfit(String id, long likes) {
        return new Mysfit(id, "Test", "Golem", "", 1, "Good", "Lawful", "", "", likes, false);
    }

    @Test
    void oneIsKnownForSoLongAndNoLonger() {
        var known = new RecentMysfits(10, Duration.ofNanos(100));
        assertEquals(Optional.empty(), known.likes("a", 5));
        known.saw(mysfit("a", 7), 5);
        assertEquals(Optional.of(7L), known.likes("a", 104));
        assertEquals(Optional.empty(), known.likes("a", 105));
        assertEquals(Optional.empty(), known.likes("a", 50), "what was too old once is read again");
    }

    @Test
    void ageIsRightWhereTheClockWrapsAround() {
        var known = new RecentMysfits(10, Duration.ofNanos(100));
        known.saw(mysfit("a", 7), Long.MAX_VALUE - 10);
        assertEquals(Optional.of(7L), known.likes("a", Long.MIN_VALUE + 20));
        assertEquals(Optional.empty(), known.likes("a", Long.MIN_VALUE + 200));
    }

    @Test
    void theOneSeenLongestAgoGoesFirst() {
        var known = new RecentMysfits(2, Duration.ofNanos(100));
        known.saw(mysfit("a", 1), 0);
        known.saw(mysfit("b", 2), 1);
        known.saw(mysfit("a", 3), 2);
        known.saw(mysfit("c", 4), 3);
        assertEquals(Optional.of(3L), known.likes("a", 4));
        assertEquals(Optional.empty(), known.likes("b", 4));
        assertEquals(Optional.of(4L), known.likes("c", 4));
    }

    @Test
    void withoutATimeNoneIsKnown() {
        var known = new RecentMysfits(2, Duration.ZERO);
        known.saw(mysfit("a", 1), 0);
        assertEquals(Optional.empty(), known.likes("a", 0));
    }
}
