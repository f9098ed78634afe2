package dev.meridian.sql;

import dev.meridian.aws.HeldCredentials;
import dev.meridian.shared.ProblemException;
import dev.meridian.sqlpool.ReaderPool;
import dev.meridian.sqlpool.SqlPoolException;
import dev.meridian.sqlpool.SqlPoolException.Reason;
import dev.meridian.sqlpool.Timeline;
import dev.meridian.sqlpool.WriterChanged;
import dev.meridian.sqlpool.WriterPool;
import dev.meridian.telemetry.StoreTimers;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The bridge to PostgreSQL: `read` goes to the reader of this Region, `write` to the global writer.
///
/// Every use case is one statement, so that a writer in another Region costs one round trip and no
/// transaction stays open. A call is bounded by the configured timeout and counted (`meridian.store.calls`).
/// Constraint violations pass through as [PgException]; a server that does not answer, is read-only, shutting
/// down or refuses a privilege becomes a 503 problem. The pool finds the writer among the candidates, and
/// again after a failover, and fires [WriterChanged].
///
/// It does not know where the writer epoch is stored: whoever reads it calls [#learnEpoch]. Until then, at most
/// `meridian.sql.epoch.hold`, nothing is written.
@ApplicationScoped
public class Sql {
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final Set<Reason> TOO_LATE = EnumSet.of(Reason.BUSY, Reason.CANCELLED, Reason.TIMEOUT);

    private final ReaderPool reader;
    private final WriterPool writer;
    private final SqlConfig config;
    private final StoreTimers reads;
    private final StoreTimers writes;
    private final Event<WriterChanged> events;
    private final ConnectionBudget budget;
    private final Event<WriterNamed> epochs;
    private boolean hasReadEpoch;
    private volatile Instant writerChangedAt = Instant.EPOCH;
    /// The newest that other processes have seen.
    private volatile Timeline told = Timeline.NONE;

    Sql(
            Vertx vertx,
            SqlConfig config,
            MeterRegistry meters,
            HeldCredentials credentials,
            Event<WriterChanged> events,
            Event<WriterNamed> epochs) {
        this.config = config;
        this.reads = new StoreTimers(meters, "sql-reader");
        this.writes = new StoreTimers(meters, "sql-writer");
        this.events = events;
        this.budget = new ConnectionBudget(config);
        this.epochs = epochs;
        var pools = new SqlPools(vertx, this.config, meters, new SqlLogin(this.config, credentials));
        this.writer = pools.writer(this::changed);
        this.reader = pools.reader(writer);
        if (config.epoch().enabled() && config.epoch().hold().isPositive()) {
            writer.hold();
            vertx.setTimer(config.epoch().hold().toMillis(), _ -> release());
        }
    }

    private void release() {
        if (writer.release()) {
            Log.warnf(
                    "the writer epoch could not be read within %d ms: any candidate may be written to",
                    config.epoch().hold().toMillis());
        }
    }

    /// Runs one reading statement on the reader of this Region. Its data may lag behind the writer's. While the
    /// reader is gone, a bounded number of reads goes to the writer.
    ///
    /// @param operation for metrics: the use case in kebab case, `catalog-list`
    /// @param statement a constant with `$1` parameters
    public Uni<RowSet<Row>> read(String operation, String statement, Tuple parameters) {
        return measured(reads, operation, reader.execute(statement, parameters, config.readTimeout()));
    }

    /// Runs one statement on the writer, in a transaction of its own. When its connection breaks it is run once
    /// more, and when the answer is lost the outcome is unknown, so the statement must be one that may run
    /// again.
    ///
    /// @param operation for metrics: the use case in kebab case, `order-confirm`
    /// @param statement a constant with `$1` parameters
    public Uni<RowSet<Row>> write(String operation, String statement, Tuple parameters) {
        return measured(writes, operation, writer.execute(statement, parameters, config.writeTimeout(), true));
    }

    /// About how far away the writer is: its shortest answer since it was found; zero while there is none.
    public Duration writerRoundTrip() {
        return writer.roundTrip();
    }

    /// Most statements that run on the writer at once.
    public int writerConnections() {
        return config.writerPoolSize();
    }

    /// Starts the search for the writer unless it has started, for observers of [WriterChanged] that do not write.
    public void findWriter() {
        writer.start();
    }

    /// Takes note that no writer epoch was set: any candidate may be the writer.
    public void learnNoEpoch() {
        learnEpoch(0, "", Instant.EPOCH);
    }

    /// Takes note of the writer epoch. Other candidates are not written to any more; an older epoch changes
    /// nothing. Fires [WriterNamed] for a new one.
    ///
    /// @param name of the writer, as [#writerCandidate] returns it
    /// @param at when it was set
    public synchronized void learnEpoch(long epoch, String name, Instant at) {
        boolean isFirst = !hasReadEpoch;
        hasReadEpoch = true;
        if (!writer.raiseEpochTo(epoch, name)) return;
        epochs.fireAsync(new WriterNamed(at, isFirst));
        if (writer.refusal().isPresent()) {
            Log.errorf(
                    "nothing is written here: the writer epoch names a server that is not among the candidates"
                            + " epoch=%d writer=%s candidates=%s",
                    epoch, name, writer.candidates());
        } else {
            Log.infof("writer epoch epoch=%d writer=%s", epoch, name);
        }
    }

    /// Takes note of a timeline that another process has seen: servers on older ones are not written to any more.
    public void learnTimeline(Timeline timeline) {
        if (timeline.number() > told.number()) told = timeline;
        writer.raiseTimelineTo(timeline);
    }

    /// When the writer was replaced last, as far as any process has noticed; [Instant#EPOCH] when never. The
    /// first writer that a process finds is no change unless it has a newer timeline than others have seen.
    public Instant writerChangedAt() {
        return writerChangedAt;
    }

    /// Takes note of a change of the writer that another process has noticed.
    public synchronized void learnWriterChange(Instant at) {
        if (at.isAfter(writerChangedAt)) writerChangedAt = at;
    }

    /// The newest timeline that this process knows of, to tell other processes.
    public Timeline knownTimeline() {
        return writer.knownTimeline();
    }

    /// Host and port of each configured server that may be the writer.
    public List<String> writerCandidates() {
        return writer.candidates();
    }

    /// Host and port of the candidate with this name.
    ///
    /// @param name host and port as configured, or the host alone where only one candidate has it
    public Optional<String> writerCandidate(String name) {
        var named = writer.candidates().stream()
                .filter(candidate -> candidate.equalsIgnoreCase(name)
                        || candidate.substring(0, candidate.lastIndexOf(':')).equalsIgnoreCase(name))
                .toList();
        return named.size() == 1 ? Optional.of(named.getFirst()) : Optional.empty();
    }

    /// The writer epoch in words, for operators; empty while none was set.
    public Optional<String> epoch() {
        return writer.epoch();
    }

    /// Why no candidate may be written to, in one sentence that names no server; empty when one may.
    public Optional<String> writerRefusal() {
        return writer.refusal();
    }

    private static Uni<RowSet<Row>> measured(StoreTimers timers, String operation, Uni<RowSet<Row>> call) {
        return Uni.createFrom().deferred(() -> {
            var begun = System.nanoTime();
            return call.onTermination()
                    .invoke((_, failure, cancelled) ->
                            timers.ended(operation, cancelled ? "cancelled" : failure == null ? "ok" : "failed", begun))
                    .onFailure()
                    .transform(Sql::toProblem);
        });
    }

    private static Throwable toProblem(Throwable failure) {
        return switch (failure) {
            case PgException e when isConstraint(e) -> e;
            case PgException e
            when INSUFFICIENT_PRIVILEGE.equals(e.getSqlState()) ->
                ProblemException.unavailable("PostgreSQL refuses a privilege.", e);
            case PgException e when isOurBug(e) -> e;
            case SqlPoolException e
            when TOO_LATE.contains(e.reason()) ->
                ProblemException.unavailable("PostgreSQL does not answer in time.", e);
            default -> ProblemException.unavailable("PostgreSQL does not answer.", failure);
        };
    }

    /// Class 23, integrity constraint violation (PostgreSQL manual, appendix A).
    private static boolean isConstraint(PgException e) {
        return e.getSqlState() != null && e.getSqlState().startsWith("23");
    }

    /// Class 22, data exception, and 42, syntax error or access rule violation; but what is forbidden is the
    /// operator's to grant.
    private static boolean isOurBug(PgException e) {
        return e.getSqlState() != null
                && (e.getSqlState().startsWith("22") || e.getSqlState().startsWith("42"));
    }

    private void changed(WriterChanged change) {
        Log.infof(
                "SQL writer found from=%s to=%s timeline=%d outage=%dms",
                change.from(), change.to(), change.timeline(), change.outage().toMillis());
        boolean isNewer = told.number() > 0 && change.timeline() > told.number();
        if (!change.isFirst() || isNewer) learnWriterChange(change.at());
        events.fireAsync(change);
        budget.check(writer);
    }

    @PreDestroy
    void close() {
        reader.close();
        writer.close();
    }
}
