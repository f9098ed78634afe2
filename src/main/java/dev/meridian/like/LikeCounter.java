package dev.meridian.like;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One counter of a subject, as its item is.
///
/// @param name writer and shard, the sort key
/// @param likes how many it has counted
/// @param recent the keys of the last of them that had one
/// @param former the keys before those; no key is in both
record LikeCounter(String name, long likes, Set<String> recent, Set<String> former) {
    LikeCounter {
        recent = Set.copyOf(recent);
        former = Set.copyOf(former);
    }

    /// What happens to the former keys when they make room.
    ///
    /// @param kept those that stay for another round
    /// @param corrected how many likes to take from the counter
    record Rotation(Set<String> kept, int corrected) {}

    /// The likes that the counters of one subject have. A key that several of them have, since it was sent
    /// to several Regions, is one like.
    static long sum(Collection<LikeCounter> counters) {
        long sum = 0;
        int keyed = 0;
        for (var counter : counters) {
            sum += counter.likes();
            if (!counter.recent().isEmpty()) keyed++;
        }
        return keyed < 2 ? sum : Math.max(0, sum - repeated(counters));
    }

    /// How often a key is in one more counter.
    private static long repeated(Collection<LikeCounter> counters) {
        var seen = new HashSet<String>();
        return counters.stream()
                .flatMap(LikeCounter::keys)
                .filter(key -> !seen.add(key))
                .count();
    }

    boolean has(String key) {
        return recent.contains(key) || former.contains(key);
    }

    private Stream<String> keys() {
        return Stream.concat(recent.stream(), former.stream());
    }

    /// Decides which former keys may be forgotten. A key that several counters have counts once only while
    /// they all remember it. So the first counter, by name, keeps it, and each other one takes its like
    /// back when it forgets the key: after that one counter has the like, and the sum is the same without
    /// the keys.
    ///
    /// @param others the other counters of the subject
    Rotation rotate(Collection<LikeCounter> others) {
        var before = keysOf(others.stream().filter(other -> other.name().compareTo(name) < 0));
        var after = keysOf(others.stream().filter(other -> other.name().compareTo(name) > 0));
        int corrected = (int) former.stream().filter(before::contains).count();
        var kept = former.stream()
                .filter(key -> !before.contains(key) && after.contains(key))
                .collect(Collectors.toUnmodifiableSet());
        return new Rotation(kept, corrected);
    }

    private static Set<String> keysOf(Stream<LikeCounter> counters) {
        return counters.flatMap(LikeCounter::keys).collect(Collectors.toUnmodifiableSet());
    }
}
