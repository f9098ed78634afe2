package dev.meridian.region;

import dev.meridian.async.RequestCoalescer;
import dev.meridian.region.RegionStatus.Standing;
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
import java.util.stream.Collectors;

/// All Regions, from the table `regions`. While the table cannot be read, the last values stay and their ages grow.
@ApplicationScoped
class RegionStatuses {
    private static final String TABLE = "regions";

    private final HeartbeatConfig config;
    private final String here;
    private final RequestCoalescer<String, RegionsTable> tables;

    RegionStatuses(RegionRepository stores, HeartbeatConfig config, RegionConfig region) {
        this.config = config;
        this.here = region.name();
        this.tables = RequestCoalescer.keeping(_ -> read(stores), config.cacheFor());
    }

    private Uni<RegionsTable> read(RegionRepository stores) {
        return stores.rows().onFailure().recoverWithItem(failure -> {
            Log.debugf("the table of Regions cannot be read: %s", failure.getMessage());
            return stores.last();
        });
    }

    /// Every Region with a drain state or a heartbeat, this one first; never fails.
    Uni<List<RegionStatus>> all(Health own) {
        return tables.join(TABLE).map(rows -> sights(own, rows, Instant.now()));
    }

    private List<RegionStatus> sights(Health own, RegionsTable rows, Instant now) {
        var switches = rows.switches().stream().collect(Collectors.toMap(DrainState::region, DrainState::state));
        var beats = rows.beats().stream().collect(Collectors.toMap(Heartbeat::region, beat -> beat));
        var heard = rows.heard();
        var others = rows.regions();
        others.remove(here);
        var sights = new ArrayList<RegionStatus>();
        sights.add(new RegionStatus(
                here,
                true,
                Standing.valueOf(own.status().name()),
                own.status() == Health.State.DRAINED,
                Optional.empty(),
                own.checks()));
        for (var other : others) {
            boolean isDrained = switches.get(other) == DrainState.State.DRAINED;
            sights.add(sight(
                    other,
                    isDrained,
                    Optional.ofNullable(heard.get(other)),
                    Optional.ofNullable(beats.get(other)),
                    now));
        }
        return List.copyOf(sights);
    }

    /// @param heard when any of its tasks was heard last
    private RegionStatus sight(
            String region, boolean isDrained, Optional<Instant> heard, Optional<Heartbeat> beat, Instant now) {
        var ago = heard.map(at -> Duration.between(at, now)).map(d -> d.isNegative() ? Duration.ZERO : d);
        boolean isSilent = beat.isEmpty() || ago.isEmpty() || ago.get().compareTo(config.silentAfter()) > 0;
        var standing = isSilent
                ? Standing.SILENT
                : Standing.valueOf(beat.orElseThrow().status().name());
        return new RegionStatus(
                region,
                false,
                standing,
                isDrained,
                ago,
                beat.map(Heartbeat::checks).orElse(Map.of()));
    }
}
