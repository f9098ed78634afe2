package dev.meridian.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.shared.Money;
import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Uses a fake store, which can be cut off, and a fake clock.
class PricesTest {
    private static final Instant START = Instant.parse("2026-11-21T08:00:00Z");

    private final Store store = new Store();
    private Instant now = START;
    private final Prices prices =
            new Prices(store, new PriceMemory(3, Duration.ofSeconds(5)), Duration.ofSeconds(1), () -> now);

    @Test
    void aFreshPriceCostsNoRoundTripAndAnOldOneCostsOne() {
        store.has("a", 100);
        assertEquals(new Money(100), price("a"));
        store.has("a", 170);
        now = START.plusMillis(4999);
        assertEquals(new Money(100), price("a"));
        assertEquals(1, store.asked.size());
        now = START.plusMillis(5000);
        assertEquals(new Money(170), price("a"));
        assertEquals(2, store.asked.size());
    }

    @Test
    void severalMissesAreOneStatement() {
        store.has("a", 1).has("b", 2).has("c", 3);
        price("a");
        var all = of(Set.of("a", "b", "c", "none"));
        assertEquals(Set.of("a", "b", "c"), all.keySet());
        assertEquals(List.of(Set.of("a"), Set.of("b", "c", "none")), store.asked);
    }

    @Test
    void nothingAskedCostsNothing() {
        assertEquals(Map.of(), of(Set.of()));
        assertEquals(List.of(), store.asked);
    }

    @Test
    void anUnknownProductIsAskedForAgain() {
        assertEquals(Map.of(), of(Set.of("late")));
        store.has("late", 30);
        assertEquals(new Money(30), price("late"));
    }

    @Test
    void aProductThatIsGoneIsForgotten() {
        store.has("a", 10);
        price("a");
        store.products.clear();
        now = START.plusSeconds(6);
        assertEquals(Map.of(), of(Set.of("a")));
        store.down = true;
        assertThrows(ProblemException.class, () -> price("a"));
    }

    @Test
    void whileTheStoreIsAwayTheLastPriceCountsAndSaysFromWhen() {
        store.has("a", 250);
        price("a");
        store.down = true;
        now = START.plus(Duration.ofDays(3));
        var last = of(Set.of("a")).get("a");
        assertEquals(new Money(250), last.price());
        assertEquals(Optional.of(START), last.asOf());
    }

    @Test
    void aProductNeverSeenFailsWithTheStore() {
        store.has("a", 250);
        price("a");
        store.down = true;
        now = START.plusSeconds(60);
        var failure = assertThrows(ProblemException.class, () -> of(Set.of("a", "never")));
        assertTrue(failure.isUnavailable());
    }

    @Test
    void theStoreIsAskedAgainOnlyAfterAPause() {
        store.has("a", 250);
        price("a");
        store.down = true;
        now = START.plusSeconds(10);
        price("a");
        now = now.plusMillis(999);
        price("a");
        assertEquals(2, store.asked.size());
        store.down = false;
        store.has("a", 260);
        now = now.plusMillis(1);
        var again = of(Set.of("a")).get("a");
        assertEquals(new Money(260), again.price());
        assertEquals(Optional.empty(), again.asOf());
    }

    @Test
    void whoCanDoWithoutAPriceGetsTheKnownOnesAndNoFailure() {
        store.has("a", 250);
        assertEquals(Map.of(), known(Set.of("never")));
        price("a");
        store.down = true;
        now = START.plusSeconds(10);
        assertEquals(Set.of("a"), known(Set.of("a", "never")).keySet());
        int asked = store.asked.size();
        now = now.plusMillis(999);
        assertEquals(Map.of(), known(Set.of("never")));
        assertEquals(asked, store.asked.size());
        now = now.plusMillis(1);
        store.down = false;
        store.has("a", 260);
        assertEquals(new Money(260), known(Set.of("a")).get("a").price());
    }

    @Test
    void otherFailuresAreNotHidden() {
        store.has("a", 250);
        price("a");
        now = START.plusSeconds(10);
        store.fault = new IllegalStateException("a bug");
        assertThrows(IllegalStateException.class, () -> price("a"));
    }

    @Test
    void aWriteHereIsSeenAtOnceAndNoLaggingReaderUndoesIt() {
        store.has("a", 100);
        price("a");
        now = START.plusSeconds(1);
        prices.renewed(product("a", 140));
        assertEquals(new Money(140), price("a"));
        prices.sawAll(List.of(product("a", 100)));
        assertEquals(new Money(140), price("a"));
        now = START.plusSeconds(7);
        prices.sawAll(List.of(product("a", 150)));
        assertEquals(new Money(150), price("a"));
        assertEquals(1, store.asked.size());
    }

    @Test
    void theMemoryIsBoundedAndKeepsWhatIsAskedFor() {
        store.has("a", 1).has("b", 2).has("c", 3).has("d", 4);
        price("a");
        price("b");
        price("c");
        price("a");
        price("d");
        store.down = true;
        assertEquals(new Money(1), price("a"));
        assertThrows(ProblemException.class, () -> price("b"));
    }

    private Money price(String id) {
        return of(Set.of(id)).get(id).price();
    }

    private Map<String, PricedProduct> of(Set<String> ids) {
        return prices.of(ids).await().atMost(Duration.ofSeconds(5));
    }

    private Map<String, PricedProduct> known(Set<String> ids) {
        return prices.known(ids).await().atMost(Duration.ofSeconds(5));
    }

    private static Product product(String id, long minor) {
        return new Product(id, id, "", new Money(minor), null, "", List.of(), "");
    }

    /// Answers from a map, or never.
    private static final class Store extends CatalogRepository {
        private final Map<String, PricedProduct> products = new HashMap<>();
        private final List<Set<String>> asked = new ArrayList<>();
        private boolean down;
        private RuntimeException fault;

        Store() {
            super(null, null);
        }

        Store has(String id, long minor) {
            products.put(id, PricesTest.product(id, minor).priced());
            return this;
        }

        @Override
        Uni<Map<String, PricedProduct>> prices(Set<String> productIds) {
            asked.add(productIds);
            if (down) return Uni.createFrom().failure(ProblemException.unavailable("away", null));
            if (fault != null) return Uni.createFrom().failure(fault);
            var found = new HashMap<>(products);
            found.keySet().retainAll(productIds);
            return Uni.createFrom().item(found);
        }
    }
}
