package dev.meridian.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/// A primary and its streaming standby, with their faults.
public final class PostgresPair implements AutoCloseable {
    private PostgresServer primary;
    private PostgresServer standby;

    /// Starts both servers.
    public PostgresPair() throws IOException, InterruptedException, SQLException {
        var base = Files.createDirectories(Path.of("target/local-stores").toAbsolutePath());
        var dir = Files.createTempDirectory(base, "pair-");
        primary = PostgresServer.primary(dir.resolve("a"));
        standby = PostgresServer.standby(dir.resolve("b"), primary);
    }

    /// The server that takes writes.
    public PostgresServer primary() {
        return primary;
    }

    /// The server that follows the primary.
    public PostgresServer standby() {
        return standby;
    }

    /// Kills the primary, then promotes the standby, and swaps their roles.
    public void failOver() throws SQLException, InterruptedException {
        primary.kill();
        standby.promote();
        swap();
    }

    /// Swaps the roles; call it after promoting the standby by hand.
    public void swap() {
        var old = primary;
        primary = standby;
        standby = old;
    }

    /// Makes the old primary a standby of the new one, from a fresh copy.
    public void rebuildStandby() throws SQLException, IOException, InterruptedException {
        standby.follow(primary);
    }

    /// Restores a healthy pair after any test.
    public void heal() throws SQLException, IOException, InterruptedException {
        if (!isWriter(primary)) swap();
        if (!isWriter(primary)) throw new IOException("no writer is left of the pair");
        if (!standby.isRunning() || !isFollowing()) rebuildStandby();
    }

    private boolean isFollowing() throws SQLException {
        return standby.ask("SELECT pg_is_in_recovery()").equals("t")
                && primary.ask("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")
                        .equals("1");
    }

    private static boolean isWriter(PostgresServer server) throws SQLException {
        return server.isRunning()
                && server.ask("SELECT current_setting('transaction_read_only')").equals("off");
    }

    @Override
    public void close() throws IOException {
        standby.close();
        primary.close();
    }
}
