package dev.meridian.shared;

import io.quarkus.logging.Log;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Rows and items that this version cannot read, since a newer version wrote them: Regions are deployed one
/// after the other. Lists leave them out, a read of a single one is a 503 problem, and nothing changes or
/// deletes them.
///
/// The log has the first one of each table, then one line a minute with their number, without their content.
public final class NewerFormat {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(30);
    private static final Map<String, Unlogged> TABLES = new ConcurrentHashMap<>();

    private NewerFormat() {}

    /// Those of the rows that this version can read, in their order.
    ///
    /// @param reader throws any [RuntimeException] for a row that it does not know
    public static <R, T> List<T> readable(String table, Iterable<? extends R> rows, Function<R, T> reader) {
        var read = new ArrayList<T>();
        rows.forEach(row -> ifReadable(table, row, reader).ifPresent(read::add));
        return read;
    }

    /// One row of a list; empty when this version cannot read it.
    ///
    /// @param reader as for [#readable]
    public static <R, T> Optional<T> ifReadable(String table, R row, Function<R, T> reader) {
        try {
            return Optional.of(reader.apply(row));
        } catch (RuntimeException e) {
            report(table, e);
            return Optional.empty();
        }
    }

    /// A row that was asked for.
    ///
    /// @param reader as for [#readable]
    /// @throws ProblemException 503 when this version cannot read it; a process of the newer version can
    public static <R, T> T one(String table, R row, Function<R, T> reader) {
        return ifReadable(table, row, reader).orElseThrow(NewerFormat::problem);
    }

    /// The 503 problem for what this version cannot read.
    public static ProblemException problem() {
        return new ProblemException(
                SharedProblem.NEWER_FORMAT,
                "A newer version of this service stored it, and this process cannot read it.",
                RETRY_AFTER);
    }

    /// Whether a failure is [#problem].
    public static boolean is(Throwable failure) {
        return failure instanceof ProblemException problem && problem.code() == SharedProblem.NEWER_FORMAT;
    }

    private static void report(String table, RuntimeException cause) {
        int rows = TABLES.computeIfAbsent(table, _ -> new Unlogged()).add(System.nanoTime());
        // No message of the cause: it may quote the row.
        if (rows > 0)
            Log.warnf(
                    "rows left alone, which a newer version may have written table=%s rows=%d cause=%s",
                    table, rows, cause.getClass().getSimpleName());
    }

    /// How many rows of a table the log does not have yet.
    static final class Unlogged {
        private static final long PAUSE = Duration.ofMinutes(1).toNanos();

        private int rows;
        private boolean isLogged;
        private long loggedAt;

        /// Counts one row.
        ///
        /// @param now by [System#nanoTime]
        /// @return how many rows to log now; 0 within a minute of the last line
        synchronized int add(long now) {
            rows++;
            if (isLogged && now - loggedAt < PAUSE) return 0;
            isLogged = true;
            loggedAt = now;
            int due = rows;
            rows = 0;
            return due;
        }
    }
}
