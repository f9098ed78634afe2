package dev.meridian.async;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;

class BoundedMapTest {
    @Test
    void theEntryThatWasUsedLongestAgoGoesFirst() {
        var map = new BoundedMap<String, Integer>(2);
        map.put("a", 1);
        map.put("b", 2);
        map.get("a");
        map.put("c", 3);
        assertEquals(Set.of("a", "c"), map.keySet());
        map.put("a", 4);
        map.put("d", 5);
        assertEquals(Set.of("a", "d"), map.keySet());
    }

    @Test
    void aSizeOfZeroKeepsNothing() {
        var map = new BoundedMap<String, Integer>(0);
        map.put("a", 1);
        assertEquals(0, map.size());
    }
}
