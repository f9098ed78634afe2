package dev.meridian.like;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LikeCounterTest {
    private static LikeCounter counter(String name, long likes, Set<String> recent, Set<String> former) {
        return new LikeCounter(name, likes, recent, former);
    }

    @Test
    void aKeyOfSeveralCountersIsOneLike() {
        var here = counter("eu#0", 7, Set.of("a", "b"), Set.of("c"));
        var there = counter("us#0", 3, Set.of("c"), Set.of("a"));
        assertEquals(7, LikeCounter.sum(List.of(here)));
        assertEquals(8, LikeCounter.sum(List.of(here, there)));
        assertEquals(8, LikeCounter.sum(List.of(there, here)));
        assertEquals(12, LikeCounter.sum(List.of(there, here, counter("us#1", 5, Set.of("a"), Set.of()))));
        assertEquals(0, LikeCounter.sum(List.of()));
    }

    @Test
    void theFirstCounterKeepsAKeyAndTheOthersTakeTheirLikeBack() {
        var here = counter("eu#0", 2, Set.of(), Set.of("a", "b"));
        var there = counter("us#0", 2, Set.of("a"), Set.of("c"));
        assertEquals(new LikeCounter.Rotation(Set.of("a"), 0), here.rotate(List.of(there)));
        assertEquals(new LikeCounter.Rotation(Set.of(), 0), here.rotate(List.of()));
        var late = counter("us#0", 2, Set.of("c"), Set.of("a"));
        assertEquals(new LikeCounter.Rotation(Set.of(), 1), late.rotate(List.of(here)));
        var middle = counter("mx#0", 2, Set.of(), Set.of("a"));
        assertEquals(new LikeCounter.Rotation(Set.of(), 1), middle.rotate(List.of(here, there)));
    }

    /// Regions that see each other's counters late: each key is sent to some of them, within the time that
    /// they remember it. In the end every key is one like, whoever has forgotten it.
    @Test
    void whateverIsForgottenTheSumStaysRight() {
        long seed = System.nanoTime();
        int copies = 0;
        for (int run = 0; run < 300; run++) {
            var regions = new Regions(new Random(seed + run), 2 + run % 2);
            copies += regions.run();
            regions.assertSum("seed " + seed + " run " + run);
        }
        System.out.printf("likes of several Regions seed=%d runs=300 sent twice or more=%d%n", seed, copies);
    }

    /// A model of the writes that [LikeRepository] makes, on one counter of each Region.
    private static final class Regions {
        private static final int FULL = 12;
        private static final int LIKES = 200;

        private final Random random;
        private final int count;
        private final List<LikeCounter> own = new ArrayList<>();
        /// What each Region sees of the others.
        private final List<Map<Integer, LikeCounter>> seen = new ArrayList<>();
        private final List<String> keys = new ArrayList<>();
        private long withoutKey;

        Regions(Random random, int count) {
            this.random = random;
            this.count = count;
            for (int i = 0; i < count; i++) {
                own.add(counter("r" + i + "#0", 0, Set.of(), Set.of()));
                seen.add(new HashMap<>());
            }
        }

        int run() {
            int copies = 0;
            for (int i = 0; i < LIKES; i++) {
                if (random.nextInt(5) == 0) plain(random.nextInt(count));
                var key = "k" + i;
                keys.add(key);
                int at = random.nextInt(count);
                like(at, key);
                // A retry in the same Region, or within the lag in others.
                if (random.nextInt(3) == 0) like(at, key);
                for (int other = 0; other < count; other++) {
                    if (other == at || random.nextInt(6) > 0) continue;
                    like(other, key);
                    copies++;
                }
                // A Region is never so far behind that the key of a retry is forgotten before it is seen.
                for (int region = 0; region < count; region++)
                    if (i % 3 == 0 || random.nextBoolean()) replicate(region);
            }
            for (int region = 0; region < count; region++) replicate(region);
            return copies;
        }

        private void plain(int region) {
            var c = own.get(region);
            own.set(region, counter(c.name(), c.likes() + 1, c.recent(), c.former()));
            withoutKey++;
        }

        private void replicate(int from) {
            for (int to = 0; to < count; to++) if (to != from) seen.get(to).put(from, own.get(from));
        }

        private void like(int region, String key) {
            var c = own.get(region);
            if (c.has(key)) return;
            var recent = new HashSet<>(c.recent());
            if (recent.size() < FULL) {
                recent.add(key);
                own.set(region, counter(c.name(), c.likes() + 1, recent, c.former()));
                return;
            }
            var rotation = c.rotate(seen.get(region).values());
            var next = new HashSet<>(rotation.kept());
            next.add(key);
            own.set(region, counter(c.name(), c.likes() + 1 - rotation.corrected(), next, c.recent()));
        }

        void assertSum(String message) {
            assertEquals(keys.size() + withoutKey, LikeCounter.sum(own), message);
        }
    }
}
