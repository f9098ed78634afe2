package dev.meridian.region;

import dev.meridian.async.RepeatingTask;
import dev.meridian.shared.ProblemException;
import dev.meridian.sql.Sql;
import dev.meridian.sql.SqlConfig;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Reads and raises the writer epoch, and looks at the table once a second for what other processes have put
/// there: the epoch, and newer timelines. Both keep a replaced writer out.
@ApplicationScoped
class WriterEpochs {
    /// Before the sample data is loaded, which writes.
    private static final int EARLY = 1000;

    private static final Duration UNREAD_PAUSE = Duration.ofMillis(200);
    private static final Duration STOP_WITHIN = Duration.ofMillis(500);

    private final WriterEpochRepository epochs;
    private final RegionRepository regions;
    private final Sql sql;
    private final SqlConfig.Epoch config;
    private final RepeatingTask task;
    private volatile boolean isRead;
    /// That this process knows; null while none.
    private WriterEpoch highest;

    WriterEpochs(WriterEpochRepository epochs, RegionRepository regions, Sql sql, SqlConfig config, Vertx vertx) {
        this.epochs = epochs;
        this.regions = regions;
        this.sql = sql;
        this.config = config.epoch();
        this.task = new RepeatingTask(vertx, "writer epoch", this::look);
    }

    void onStart(@Observes @Priority(EARLY) StartupEvent start) {
        if (config.enabled()) task.wakeWithin(Duration.ZERO);
    }

    void onStop(@Observes ShutdownEvent stop) {
        task.stop(STOP_WITHIN);
    }

    /// The epoch in this Region's replica.
    ///
    /// @throws ProblemException 404 when none was set
    Uni<WriterEpoch> current() {
        return epochs.find()
                .map(found -> found.orElseThrow(() -> new ProblemException(
                        RegionProblem.NO_WRITER_EPOCH, "Any of the candidates may be the writer.")));
    }

    /// Names the writer, for all processes that the table reaches; for this one at once. Repeating it changes
    /// nothing.
    ///
    /// @param writer host and port of a candidate, or its host
    /// @throws ProblemException 400 when it is no candidate, 409 when the table has another writer under this
    ///     epoch, or a higher one
    Uni<WriterEpoch> raise(long epoch, String writer) {
        return Uni.createFrom().deferred(() -> {
            var name = sql.writerCandidate(writer)
                    .orElseThrow(() -> ProblemException.invalid(
                            "writer", "must be one of " + String.join(", ", sql.writerCandidates())));
            var wanted = new WriterEpoch(epoch, name, Instant.now().truncatedTo(ChronoUnit.MILLIS));
            return epochs.raise(wanted).invoke(now -> {
                if (!now.isSame(epoch, name)) throw stale(now);
                isHighest(now);
                sql.learnEpoch(now.epoch(), now.writer(), now.changedAt());
            });
        });
    }

    /// Last writer wins: of two epochs that two Regions set within the lag the lower one may stand in the table.
    private Uni<Void> keepHighest() {
        var read = regions.readEpoch();
        if (read.isEmpty() || isHighest(read.get())) return Uni.createFrom().voidItem();
        return epochs.raise(highest())
                .invoke(now -> Log.warnf("writer epoch set again epoch=%d writer=%s", now.epoch(), now.writer()))
                .replaceWithVoid();
    }

    private synchronized boolean isHighest(WriterEpoch epoch) {
        if (highest != null && epoch.epoch() < highest.epoch()) return false;
        highest = epoch;
        return true;
    }

    private synchronized WriterEpoch highest() {
        return highest;
    }

    private static ProblemException stale(WriterEpoch now) {
        return new ProblemException(
                RegionProblem.STALE_WRITER_EPOCH,
                "Epoch " + now.epoch() + " names " + now.writer() + "; another writer needs a higher epoch.");
    }

    private Uni<Duration> look() {
        var read = regions.look(config.every());
        // The first call creates the client, which takes long.
        return (isRead ? read : read.runSubscriptionOn(Infrastructure.getDefaultWorkerPool()))
                .chain(_ -> {
                    isRead = true;
                    return keepHighest();
                })
                .replaceWith(config.every())
                .onFailure()
                .recoverWithItem(failure -> {
                    Log.debugf("cannot look at the writer epoch: %s", failure.getMessage());
                    return isRead ? config.every() : UNREAD_PAUSE;
                });
    }
}
