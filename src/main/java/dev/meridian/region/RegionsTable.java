package dev.meridian.region;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The table `regions`.
///
/// @param beats what each Region says of its stores
/// @param tasks what each task says; those that are long dead included
record RegionsTable(List<DrainState> switches, List<Heartbeat> beats, List<TaskBeat> tasks) {
    static final RegionsTable EMPTY = new RegionsTable(List.of(), List.of(), List.of());

    /// When each Region was last heard: the newest heartbeat, of whichever task.
    TreeMap<String, Instant> heard() {
        var newest = new TreeMap<String, Instant>();
        beats.forEach(beat -> newest.merge(beat.region(), beat.at(), RegionsTable::later));
        tasks.forEach(beat -> newest.merge(beat.region(), beat.at(), RegionsTable::later));
        return newest;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /// @param region of this process
    /// @param task this process
    /// @param since other Regions whose last heartbeat is older are silent
    LiveTasks live(String region, String task, Instant now, Instant since) {
        var settlers = tasks.stream()
                .filter(beat -> beat.region().equals(region) && beat.settles() && beat.isLive(now))
                .map(TaskBeat::task);
        var heard = heard().entrySet().stream()
                .filter(beat -> !beat.getKey().equals(region) && beat.getValue().isAfter(since))
                .map(beat -> beat.getKey());
        return new LiveTasks(
                region,
                task,
                Stream.concat(settlers, Stream.of(task)).collect(Collectors.toCollection(TreeSet::new)),
                heard.collect(Collectors.toUnmodifiableSet()));
    }

    /// The known Regions.
    Set<String> regions() {
        var names = new TreeSet<>(heard().keySet());
        switches.forEach(state -> names.add(state.region()));
        return names;
    }
}
