package dev.meridian.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.journal.JournalEntry;
import dev.meridian.journal.JournalEntry.Missing;
import dev.meridian.journal.JournalEntry.Payload;
import dev.meridian.journal.JournalEntry.State;
import dev.meridian.journal.OpenEntry;
import dev.meridian.region.LiveTasks;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Which open entries a task settles, and which it leaves to other tasks and Regions.
class SettlementShareTest {
    private static final Instant NOW = Instant.now();
    private static final SettlerConfig CONFIG = new SmallRyeConfigBuilder()
            .withConverter(Duration.class, 200, new DurationConverter())
            .withMapping(SettlerConfig.class)
            .build()
            .getConfigMapping(SettlerConfig.class);
    private static final LiveTasks BOTH_REGIONS = new LiveTasks("here", "me", Set.of("me"), Set.of("there"));
    private static final LiveTasks ALONE = new LiveTasks("here", "me", Set.of("me"), Set.of());

    private static JournalEntry entry(String region, int secondsOld, Missing missing) {
        var id = "o-" + region + secondsOld;
        var at = NOW.minusSeconds(secondsOld);
        return new JournalEntry(
                id, "c", "k", "h", State.ACCEPTED, null, at, region, new Payload(1, "{}"), missing, List.of());
    }

    private static JournalEntry entry(String region, int secondsOld) {
        return entry(region, secondsOld, null);
    }

    @Test
    void anEntryOfALivingRegionIsLeftToItForAMinute() {
        var foreign = new ForeignEntries(CONFIG);
        assertFalse(foreign.isLeft(entry("here", 10), BOTH_REGIONS, NOW));
        assertTrue(foreign.isLeft(entry("there", 59), BOTH_REGIONS, NOW));
        assertFalse(foreign.isLeft(entry("there", 60), BOTH_REGIONS, NOW));
        assertFalse(foreign.isLeft(entry("there", 59), ALONE, NOW), "its heartbeat is silent");
        // A lost order may have been taken long ago.
        var lost = new Missing(NOW.minusSeconds(59), null, null);
        assertTrue(foreign.isLeft(entry("there", 900, lost), BOTH_REGIONS, NOW));
    }

    /// The index does not tell the Region, so an entry is read once.
    @Test
    void anEntryThatWasReadIsRememberedUntilItIsDue() {
        var foreign = new ForeignEntries(CONFIG);
        var entry = entry("there", 10);
        assertFalse(foreign.isLeft(entry.orderId(), BOTH_REGIONS, NOW), "it was not read");
        assertTrue(foreign.isLeft(entry, BOTH_REGIONS, NOW));
        assertTrue(foreign.isLeft(entry.orderId(), BOTH_REGIONS, NOW.plusSeconds(49)));
        assertFalse(foreign.isLeft(entry.orderId(), BOTH_REGIONS, NOW.plusSeconds(50)));
        assertTrue(foreign.isLeft(entry, BOTH_REGIONS, NOW));
        assertFalse(foreign.isLeft(entry.orderId(), ALONE, NOW), "its Region was lost");
    }

    /// After an outage all entries are old; otherwise each would be settled by every Region.
    @Test
    void theTimeOfAnOutageDoesNotCount() {
        var foreign = new ForeignEntries(CONFIG);
        assertFalse(foreign.isLeft(entry("there", 600), BOTH_REGIONS, NOW));
        foreign.available(NOW.minusSeconds(5));
        assertTrue(foreign.isLeft(entry("there", 600), BOTH_REGIONS, NOW));
        assertFalse(foreign.isLeft(entry("there", 600), BOTH_REGIONS, NOW.plusSeconds(55)));
    }

    @Test
    void aPartitionWhoseOldestEntryStaysIsTakenOverOnce() {
        var watch = new PartitionWatch(Duration.ofSeconds(30));
        long second = 1_000_000_000L;
        assertFalse(watch.isStuck(3, Optional.of("a"), 0));
        assertFalse(watch.isStuck(3, Optional.of("a"), 29 * second));
        assertFalse(watch.isStuck(3, Optional.of("b"), 31 * second), "its task settles");
        assertFalse(watch.isStuck(4, Optional.of("b"), 40 * second));
        assertFalse(watch.isStuck(3, Optional.of("b"), 60 * second));
        assertTrue(watch.isStuck(3, Optional.of("b"), 61 * second));
        assertFalse(watch.isStuck(3, Optional.of("b"), 62 * second), "it waits again");
        assertFalse(watch.isStuck(3, Optional.empty(), 63 * second));
        assertFalse(watch.isStuck(3, Optional.of("b"), 99 * second));
        watch.forget();
        assertFalse(watch.isStuck(4, Optional.of("b"), 99 * second), "nobody could settle it");
    }

    @Test
    void aRunOnRequestSettlesEverything() {
        var foreign = new ForeignEntries(CONFIG);
        var backoff = new RetryBackoff(CONFIG);
        var others = new LiveTasks("here", "me", Set.of("me", "you"), Set.of("there"));
        var background = SettlementRun.background(CONFIG, 8, others);
        var eager = SettlementRun.eager(CONFIG);
        long mine = IntStream.range(0, 64).filter(background::isMine).count();
        assertTrue(mine > 10 && mine < 54, () -> "of 64 partitions: " + mine);
        assertEquals(64, IntStream.range(0, 64).filter(eager::isMine).count());
        var entry = entry("there", 10);
        assertTrue(background.isLeft(entry, foreign));
        assertFalse(eager.isLeft(entry, foreign));
        var open = new OpenEntry(entry.orderId(), entry.acceptedAt());
        assertFalse(background.isDue(open, backoff, foreign));
        assertTrue(eager.isDue(open, backoff, foreign));
        assertEquals(20, background.pages(CONFIG));
        assertEquals(Integer.MAX_VALUE, eager.pages(CONFIG));
    }
}
