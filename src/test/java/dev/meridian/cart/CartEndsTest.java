package dev.meridian.cart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.shared.LineLimits;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What is left of a line when its items end one after the other.
class CartEndsTest {
    private static final int MAX = 1000;
    private static final String LINE = "p-17";

    private final CartEditor editor;

    CartEndsTest() {
        var config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(CartConfig.class)
                .withMapping(LineLimits.class)
                .build();
        editor = new CartEditor(
                null, config.getConfigMapping(CartConfig.class), config.getConfigMapping(LineLimits.class));
    }

    /// A Region's new item.
    private LinePart part(String region, Cart cart, LineState state) {
        return editor.write("ada", LINE, cart, state, new CartWriter(region, Optional.empty()))
                .next();
    }

    private static Cart cart(LinePart... parts) {
        var line = new TreeMap<String, LinePart>();
        for (var part : parts) line.put(part.writer(), part);
        return new Cart(new TreeMap<>(Map.of(LINE, line)), Set.of());
    }

    private static int quantity(LinePart... parts) {
        return cart(parts).line(LINE).quantity(MAX);
    }

    /// A removes the line, B adds to it before it has the removal. The item of the removal ends in A: it is A's own, so
    /// the line that B began again stays.
    @Test
    void theEndOfARemovalTakesNothingFromALineThatAnotherRegionBeganAgain() {
        var west = part("west", cart(), LineState.NOTHING.add(2, "first", 1));
        var removal = part("west", cart(west), cart(west).line(LINE).set(0, "removed", 10));
        var again = part("east", cart(west), cart(west).line(LINE).add(3, "again", 20));
        assertEquals(3, quantity(removal, again));
        // The removal outlives what it removed, so the first two units do not come back either.
        assertTrue(removal.expiresAt().isAfter(again.expiresAt()), removal + " " + again);
        assertEquals(0, quantity(removal));
        // A later edit in B knows the removal and needs A's item no more.
        var both = cart(removal, again);
        var later = part("east", both, both.line(LINE).add(1, "later", 30));
        assertEquals(4, quantity(removal, later));
        assertEquals(4, quantity(later));
    }

    /// The same with a removal of the whole cart.
    @Test
    void aRemovalEndsAfterEverythingThatItRemoved() {
        var west = part("west", cart(), LineState.NOTHING.add(2, "first", 1));
        var east = part("east", cart(west), cart(west).line(LINE).add(3, "second", 2));
        var removal = part("west", cart(west, east), cart(west, east).line(LINE).set(0, "removed", 10));
        assertEquals(0, quantity(removal, east));
        assertTrue(removal.expiresAt().isAfter(east.expiresAt()), removal + " " + east);
    }
}
