package dev.meridian.sql;

import dev.meridian.sqlpool.WriterPool;
import io.quarkus.logging.Log;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.Optional;

/// Compares the connections that all tasks together may open with what the writer allows.
///
/// A task opens at most `writer-pool-size` connections to the writer, and one more that looks for it. The rest of
/// `max_connections` is for failovers, when old connections are not gone yet, and for operators.
final class ConnectionBudget {
    private static final String CONNECTIONS_MAX = "SELECT current_setting('max_connections')::int AS allowed";
    private static final int SHARE_PERCENT = 60;

    private final SqlConfig config;

    ConnectionBudget(SqlConfig config) {
        this.config = config;
    }

    /// Logs a warning if they are too many; asks the writer only if `tasks-max` is set.
    void check(WriterPool writer) {
        if (config.tasksMax().isEmpty()) return;
        writer.execute(CONNECTIONS_MAX, Tuple.tuple(), config.writeTimeout(), true)
                .subscribe()
                .with(
                        rows -> warning(
                                        config.tasksMax().getAsInt(),
                                        config.writerPoolSize(),
                                        rows.iterator().next().getInteger("allowed"))
                                .ifPresent(Log::warn),
                        failure -> Log.debugf("max_connections is not known: %s", failure.getMessage()));
    }

    /// @param allowed the server's `max_connections`
    static Optional<String> warning(int tasks, int poolSize, int allowed) {
        long wanted = (long) tasks * (poolSize + 1);
        long budget = (long) allowed * SHARE_PERCENT / 100;
        if (wanted <= budget) return Optional.empty();
        return Optional.of(("%d tasks may open %d connections each to the SQL writer, %d in all, and %d %% of its"
                        + " max_connections (%d) is %d: set a smaller meridian.sql.writer-pool-size, run fewer tasks, or"
                        + " take a larger instance")
                .formatted(tasks, poolSize + 1, wanted, SHARE_PERCENT, allowed, budget));
    }
}
