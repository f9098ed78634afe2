package dev.meridian.lab.cluster;

import dev.meridian.testing.PostgresServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/// The replay progress of a PostgreSQL standby.
final class StandbyProgress {
    /// The offset of the last checkpoint's location in `pg_control` (ControlFileData, PostgreSQL 18).
    private static final int CHECKPOINT_OFFSET = 32;

    private StandbyProgress() {}

    static boolean isStreaming(PostgresServer primary, PostgresServer standby) throws SQLException {
        return primary.ask("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")
                        .equals("1")
                && standby.ask("SELECT pg_is_in_recovery()").equals("t");
    }

    /// The WAL that the primary has written and the standby has not replayed.
    static long lagBytes(PostgresServer primary, PostgresServer standby) throws SQLException {
        var replayed = standby.ask("SELECT pg_last_wal_replay_lsn()");
        return Long.parseLong(
                primary.ask("SELECT greatest(0, pg_current_wal_lsn() - '" + replayed + "'::pg_lsn)::bigint"));
    }

    /// The WAL location up to which a standby has replayed.
    static long replayed(PostgresServer standby) throws SQLException {
        return Long.parseLong(standby.ask("SELECT pg_last_wal_replay_lsn() - '0/0'::pg_lsn"));
    }

    /// The WAL location of the last checkpoint of a server that was shut down.
    ///
    /// @param data its directory
    static long shutdownCheckpoint(Path data) throws IOException {
        var control = Files.readAllBytes(data.resolve("global/pg_control"));
        return ByteBuffer.wrap(control).order(ByteOrder.LITTLE_ENDIAN).getLong(CHECKPOINT_OFFSET);
    }
}
