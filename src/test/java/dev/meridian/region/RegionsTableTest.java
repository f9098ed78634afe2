package dev.meridian.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.sqlpool.Timeline;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Which tasks and Regions live, and whose a share of the work is.
class RegionsTableTest {
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

    private static TaskBeat task(String region, String task, int secondsAgo, boolean settles) {
        var at = NOW.minusSeconds(secondsAgo);
        return new TaskBeat(region, task, at, at.plusSeconds(30), settles, Timeline.NONE, Instant.EPOCH);
    }

    private static Heartbeat region(String region, int secondsAgo) {
        return new Heartbeat(region, NOW.minusSeconds(secondsAgo), Health.State.UP, "fine", Map.of(), Timeline.NONE);
    }

    private static LiveTasks live(RegionsTable table) {
        return table.live("here", "me", NOW, NOW.minusSeconds(30));
    }

    @Test
    void liveTasksAreThoseOfThisRegionThatSettleAndAreNotExpired() {
        var table = new RegionsTable(
                List.of(),
                List.of(region("here", 1)),
                List.of(
                        task("here", "other", 29, true),
                        task("here", "dead", 30, true),
                        task("here", "idle", 1, false),
                        task("there", "far", 1, true)));
        assertEquals(Set.of("me", "other"), live(table).tasks());
        assertEquals(Set.of("there"), live(table).heard());
        assertEquals(Set.of("me"), live(RegionsTable.EMPTY).tasks());
    }

    /// A Region of version n has the Region's heartbeat only.
    @Test
    void aRegionIsHeardByItsNewestHeartbeatOfEitherKind() {
        var table = new RegionsTable(
                List.of(),
                List.of(region("old-version", 29), region("lost", 3600), region("both", 3600)),
                List.of(task("both", "a", 500, true), task("both", "b", 3, false), task("gone", "c", 31, true)));
        assertEquals(Set.of("old-version", "both"), live(table).heard());
        assertEquals(NOW.minusSeconds(3), table.heard().get("both"));
        assertEquals(Set.of("old-version", "lost", "both", "gone"), table.regions());
    }

    @Test
    void eachShareIsOneTasksAndOnlyThoseOfADeadOneMove() {
        var all = Set.of("a", "b", "c", "d");
        var before = owners(all);
        assertEquals(all, new TreeSet<>(before.values()), "everybody has something");
        var after = owners(Set.of("a", "b", "c"));
        before.forEach((share, owner) -> {
            if (!owner.equals("d")) assertEquals(owner, after.get(share), "share " + share);
        });
        assertFalse(after.containsValue("d"));
    }

    private static Map<Integer, String> owners(Set<String> tasks) {
        return IntStream.range(0, 64).boxed().collect(Collectors.toMap(share -> share, share -> {
            var mine = tasks.stream()
                    .filter(task -> new LiveTasks("here", task, tasks, Set.of()).isMine("shard-" + share))
                    .toList();
            assertEquals(1, mine.size(), mine::toString);
            return mine.getFirst();
        }));
    }

    @Test
    void onlyWhatIsLongExpiredIsForgotten() {
        assertFalse(task("here", "a", 3600, true).isForgotten(NOW));
        assertTrue(task("here", "a", 3631, true).isForgotten(NOW));
    }
}
