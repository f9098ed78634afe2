package dev.meridian.reconcile;

import dev.meridian.reconcile.DifferenceWriter.Kind;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/// Compares two databases table by table: rows that the new one lacks, that differ, or that only the new one has.
public final class ReconcileService {
    /// The databases hold the same.
    public static final int SAME = 0;
    /// They differ.
    public static final int DIFFERENT = 1;
    /// The request is invalid.
    public static final int USAGE = 2;
    /// A database cannot be read; the output is incomplete.
    public static final int FAILED = 3;

    private static final long PROGRESS_NANOS = Duration.ofSeconds(2).toNanos();
    private static final int ROWS_BETWEEN_LOOKS = 1024;

    private final ReconcileRequest request;
    private final DifferenceWriter differences;
    private final PrintWriter progress;
    private long lastProgress = System.nanoTime();

    private ReconcileService(ReconcileRequest request, PrintWriter out, PrintWriter progress) {
        this.request = request;
        this.differences = new DifferenceWriter(out, request.format());
        this.progress = progress;
    }

    /// Compares, in constant memory. Writes to neither database.
    ///
    /// @param environment may contain users and passwords, see `docs/adr/0007-recovery.md`
    /// @param out gets the differences
    /// @param err gets progress, the summary and failures
    /// @return the exit code
    public static int run(
            ReconcileRequest request, UnaryOperator<String> environment, PrintWriter out, PrintWriter err) {
        try {
            var old = Database.of("old", request.oldUrl(), request.iam(), environment);
            var now = Database.of("new", request.newUrl(), request.iam(), environment);
            return new ReconcileService(request, out, err).compare(old, now) ? SAME : DIFFERENT;
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            return USAGE;
        } catch (IllegalStateException e) {
            err.println("Not finished. " + e.getMessage());
            return FAILED;
        } catch (Side.Failure e) {
            err.println("Not finished. Cannot read " + e.getMessage());
            return FAILED;
        } finally {
            out.flush();
            err.flush();
        }
    }

    private boolean compare(Database old, Database now) throws Side.Failure {
        try (var oldConnection = connect(old);
                var newConnection = connect(now)) {
            differences.begin();
            for (var table : ComparedTable.values()) {
                try (var oldRows = Side.open(old, oldConnection, table, request.since());
                        var newRows = Side.open(now, newConnection, table, request.since())) {
                    merge(table, oldRows, newRows);
                }
            }
            differences.end();
        } catch (SQLException e) {
            throw new Side.Failure("a connection: it cannot be closed");
        }
        return differences.written() == 0;
    }

    private static Connection connect(Database database) throws Side.Failure {
        try {
            return database.connect();
        } catch (SQLException e) {
            throw new Side.Failure(database.describe(e));
        }
    }

    private void merge(ComparedTable table, Side oldRows, Side newRows) throws Side.Failure {
        long before = differences.written();
        var old = oldRows.next();
        var now = newRows.next();
        for (long steps = 0; old != null || now != null; steps++) {
            int order = old == null ? 1 : now == null ? -1 : table.compareKeys(old, now);
            if (order < 0) {
                differences.write(table, table.key(old), Kind.MISSING_IN_NEW, List.of());
            } else if (order > 0) {
                differences.write(table, table.key(now), Kind.ONLY_IN_NEW, List.of());
            } else {
                var columns = differing(table, old, now);
                if (!columns.isEmpty()) differences.write(table, table.key(old), Kind.DIFFERENT, columns);
            }
            if (order <= 0) old = oldRows.next();
            if (order >= 0) now = newRows.next();
            if (steps % ROWS_BETWEEN_LOOKS == 0 && System.nanoTime() - lastProgress > PROGRESS_NANOS) {
                report(table, oldRows, newRows, differences.written() - before, "so far");
            }
        }
        report(table, oldRows, newRows, differences.written() - before, "done");
    }

    private static List<String> differing(ComparedTable table, String[] old, String[] now) {
        var columns = new ArrayList<String>(0);
        for (int i = 0; i < old.length; i++) {
            if (!Objects.equals(old[i], now[i])) columns.add(table.columns().get(i));
        }
        return columns;
    }

    private void report(ComparedTable table, Side oldRows, Side newRows, long found, String state) {
        lastProgress = System.nanoTime();
        progress.printf(
                "%s: old=%d new=%d differences=%d %s%n", table.table(), oldRows.read(), newRows.read(), found, state);
        progress.flush();
    }
}
