package dev.meridian.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SteadyTest {
    private static List<Steady.Window> windows(int count, IntToLongFunction open, IntToLongFunction megabytes) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Steady.Window(
                        "fault " + i, 100, 20, 0, open.applyAsLong(i), List.of(megabytes.applyAsLong(i), 70L)))
                .toList();
    }

    @Test
    void aServiceThatGrowsAtFirstAndThenStaysIsFlat() {
        assertEquals(List.of(), Steady.growing(windows(30, _ -> 0, i -> 90 + Math.min(i, 9) * 3L)));
    }

    @Test
    void memoryThatGrowsToTheEndIsNot() {
        var growing = Steady.growing(windows(30, _ -> 0, i -> 90 + 3L * i));
        assertEquals(1, growing.size());
        assertTrue(growing.getFirst().startsWith("the memory of the first Region's service"), growing::toString);
        assertEquals(List.of(), Steady.growing(windows(5, _ -> 0, i -> 90 + 30L * i)), "too short to tell");
    }

    @Test
    void ordersThatStayOpenAreTold() {
        assertEquals(
                List.of("2 orders stayed open after fault 3"),
                Steady.growing(windows(5, i -> i == 3 ? 2 : 0, _ -> 90)));
    }
}
