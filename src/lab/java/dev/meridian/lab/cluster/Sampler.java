package dev.meridian.lab.cluster;

import dev.meridian.lab.replication.LabTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;

/// Takes measurements that need a call in the background, twice a second, so that reading the state never
/// waits.
public final class Sampler implements AutoCloseable {
    private static final long EVERY_MILLIS = 500;

    private final List<LabRegion> regions;
    private final Databases databases;
    private final Connection[] connections = new Connection[2];
    private final long[] open = {-1, -1};
    private volatile long sqlLagBytes = -1;
    private volatile long sqlLagMillis = -1;
    private volatile boolean isClosed;

    Sampler(List<LabRegion> regions, Databases databases) {
        this.regions = regions;
        this.databases = databases;
        Thread.ofPlatform().daemon().name("sampler-sql").start(() -> run(this::sampleSql));
        Thread.ofPlatform().daemon().name("sampler-journal").start(() -> run(this::sampleJournal));
    }

    /// Open entries in the journal of a Region, or -1 when unknown.
    public long openOrders(int region) {
        synchronized (open) {
            return open[region];
        }
    }

    /// Bytes of WAL that the SQL reader has not yet replayed, or -1 when unknown.
    public long sqlLagBytes() {
        return sqlLagBytes;
    }

    /// How far behind the SQL reader is, or -1 when unknown.
    public long sqlLagMillis() {
        return sqlLagMillis;
    }

    private void run(Runnable sample) {
        while (!isClosed) {
            sample.run();
            try {
                Thread.sleep(EVERY_MILLIS);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void sampleJournal() {
        for (int i = 0; i < regions.size(); i++) {
            long count;
            try {
                count = LabTables.open(regions.get(i).dynamo());
            } catch (CompletionException _) {
                count = -1;
            }
            synchronized (open) {
                open[i] = count;
            }
        }
    }

    private void sampleSql() {
        int primary = databases.primary();
        var replayed = ask(1 - primary, "SELECT pg_last_wal_replay_lsn()");
        var bytes = replayed == null
                ? null
                : ask(primary, "SELECT greatest(0, pg_current_wal_lsn() - '" + replayed + "'::pg_lsn)::bigint");
        sqlLagBytes = bytes == null ? -1 : Long.parseLong(bytes);
        if (sqlLagBytes <= 0) {
            sqlLagMillis = sqlLagBytes;
            return;
        }
        var millis = ask(
                1 - primary,
                "SELECT coalesce(1000 * extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()), 0)::bigint");
        sqlLagMillis = millis == null ? -1 : Long.parseLong(millis);
    }

    /// @return null when there is no response
    private String ask(int region, String question) {
        try {
            if (!databases.isRunning(region)) throw new SQLException("not running");
            if (connections[region] == null)
                connections[region] = databases.server(region).connect();
            try (var statement = connections[region].createStatement()) {
                statement.setQueryTimeout(2);
                try (var rows = statement.executeQuery(question)) {
                    rows.next();
                    return rows.getString(1);
                }
            }
        } catch (SQLException _) {
            drop(region);
            return null;
        }
    }

    private void drop(int region) {
        var connection = connections[region];
        connections[region] = null;
        if (connection == null) return;
        try {
            connection.close();
        } catch (SQLException _) {
            // The connection is broken.
        }
    }

    @Override
    public void close() {
        isClosed = true;
    }

    @Override
    public String toString() {
        return "open orders " + Arrays.toString(open);
    }
}
