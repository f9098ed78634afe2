package dev.meridian.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdsTest {
    private static void check(String id) {
        assertEquals(id.matches(Ids.PATTERN), Ids.isValid(id), () -> "'" + id + "'");
    }

    @Test
    void anIdIsWhatThePatternSays() {
        List.of("", "a", "p-17", "a b", "\n", "a\n", "é", "/", "[", "{", "`", "x".repeat(128), "x".repeat(129))
                .forEach(IdsTest::check);
        for (char c = 0; c < 0x300; c++) check("a" + c);
        var random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            var id = new StringBuilder();
            random.ints(random.nextInt(1, 5), '!', 127).forEach(c -> id.append((char) c));
            check(id.toString());
        }
    }
}
