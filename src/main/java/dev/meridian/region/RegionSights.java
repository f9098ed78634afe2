package dev.meridian.region;

import dev.meridian.region.RegionSight.Standing;
import dev.meridian.shared.RegionConfig;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// All Regions as the table `regions` shows them here. What was read last stands while it cannot be read; ages go on
/// growing, so that nobody takes it for new.
@ApplicationScoped
class RegionSights {
    private final HeartbeatConfig config;
    private final String here;
    private final Uni<RegionRows> shared;
    private volatile RegionRows last = new RegionRows(List.of(), List.of());

    RegionSights(RegionRepository stores, HeartbeatConfig config, RegionConfig region) {
        this.config = config;
        this.here = region.name();
        this.shared = Uni.createFrom()
                .deferred(() -> stores.rows())
                .invoke(rows -> last = rows)
                .onFailure()
                .recoverWithItem(failure -> {
                    Log.debugf("the table of Regions cannot be read: %s", failure.getMessage());
                    return last;
                })
                .memoize()
                .forFixedDuration(config.cacheFor());
    }

    /// Every Region with a switch or a heartbeat, this one first; never fails.
    Uni<List<RegionSight>> all(Health own) {
        return shared.map(rows -> sights(own, rows, Instant.now()));
    }

    private List<RegionSight> sights(Health own, RegionRows rows, Instant now) {
        var switches = rows.switches().stream().collect(Collectors.toMap(RegionSwitch::region, RegionSwitch::state));
        var beats = rows.beats().stream().collect(Collectors.toMap(Beat::region, beat -> beat));
        var others = new TreeSet<>(beats.keySet());
        others.addAll(switches.keySet());
        others.remove(here);
        var sights = new ArrayList<RegionSight>();
        sights.add(new RegionSight(
                here,
                true,
                Standing.valueOf(own.status().name()),
                own.status() == Health.State.DRAINED,
                Optional.empty(),
                own.checks()));
        for (var other : others) {
            boolean isDrained = switches.get(other) == RegionSwitch.State.DRAINED;
            sights.add(sight(other, isDrained, Optional.ofNullable(beats.get(other)), now));
        }
        return List.copyOf(sights);
    }

    private RegionSight sight(String region, boolean isDrained, Optional<Beat> beat, Instant now) {
        var ago = beat.map(b -> Duration.between(b.at(), now)).map(d -> d.isNegative() ? Duration.ZERO : d);
        boolean isSilent = ago.isEmpty() || ago.get().compareTo(config.silentAfter()) > 0;
        var standing = isSilent
                ? Standing.SILENT
                : Standing.valueOf(beat.orElseThrow().status().name());
        return new RegionSight(
                region, false, standing, isDrained, ago, beat.map(Beat::checks).orElse(Map.of()));
    }
}
