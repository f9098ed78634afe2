package dev.meridian.lab;

import dev.meridian.shared.TcpProxy;
import dev.meridian.sqlpool.PostgresServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// PostgreSQL in both Regions: one primary, one streaming standby, and a proxy on every way to them. What
/// Aurora Global Database does, with the steps of an operator done by hand.
///
/// Region 0 and Region 1; changes are made by one thread at a time.
final class Databases implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(20);
    /// Where `pg_control` keeps the place of the last checkpoint (ControlFileData, PostgreSQL 18).
    private static final int CHECKPOINT_OFFSET = 32;

    private final Path dir;
    private final PostgresServer[] servers = new PostgresServer[2];
    /// By client's Region, then server's Region.
    private final TcpProxy[][] links = new TcpProxy[2][2];
    /// By the primary's Region: how the standby reaches it.
    private final TcpProxy[] replication = new TcpProxy[2];
    private final Consumer<String> events;
    private volatile int primary;
    private volatile boolean isReplicationImpaired;
    private volatile int failovers;

    Databases(Consumer<String> events) throws IOException, InterruptedException, SQLException {
        this.events = events;
        var base = Files.createDirectories(Path.of("target/local-stores").toAbsolutePath());
        dir = Files.createTempDirectory(base, "lab-");
        servers[0] = PostgresServer.primary(dir.resolve("region-0"));
        servers[1] = PostgresServer.empty(dir.resolve("region-1"));
        for (int server = 0; server < 2; server++) {
            replication[server] = new TcpProxy("127.0.0.1", servers[server].port());
            for (int client = 0; client < 2; client++)
                links[client][server] = new TcpProxy("127.0.0.1", servers[server].port());
        }
        migrate();
        rebuildStandby();
    }

    private void migrate() throws IOException, SQLException {
        try (var files = Files.list(Path.of("src/main/resources/db/migration"))) {
            for (var file : files.sorted().toList()) servers[0].execute(Files.readString(file));
        }
    }

    /// The address of a Region's server for a client in a Region.
    String url(int client, int server) {
        return "postgresql://127.0.0.1:" + links[client][server].port() + "/postgres";
    }

    /// The server of a Region itself, past all proxies.
    PostgresServer server(int region) {
        return servers[region];
    }

    /// The Region whose server is the primary, running or not.
    int primary() {
        return primary;
    }

    boolean hasWriter() {
        return servers[primary].isRunning();
    }

    boolean isRunning(int region) {
        return servers[region].isRunning();
    }

    // Links ---------------------------------------------------------------------------------------------------------

    /// What clients and the standby meet on their way to a Region's server.
    void impair(int server, Consumer<TcpProxy> how) {
        for (int client = 0; client < 2; client++) how.accept(links[client][server]);
        how.accept(replication[server]);
        isReplicationImpaired |= server == primary;
    }

    /// Nothing passes between the Regions.
    void partition() {
        for (int server = 0; server < 2; server++) {
            links[1 - server][server].cut();
            replication[server].cut();
        }
        isReplicationImpaired = true;
    }

    private void repairLinks() {
        for (int server = 0; server < 2; server++) {
            for (int client = 0; client < 2; client++) links[client][server].pass();
            // What waited in a hanging link to a standby would be from before a failover.
            replication[server].resetConnections();
            replication[server].pass();
        }
        isReplicationImpaired = false;
    }

    // Servers -------------------------------------------------------------------------------------------------------

    void kill(int region) throws InterruptedException {
        servers[region].kill();
    }

    /// Makes the standby the writer with what it has; the old writer is fenced off by killing it.
    ///
    /// @return whether it was done
    boolean promote() throws InterruptedException, SQLException {
        if (!hasStandby()) return false;
        servers[primary].kill();
        events.accept("SQL writer killed");
        return promoteUnfenced();
    }

    /// Makes the standby a writer beside the old one.
    ///
    /// @return whether it was done
    boolean promoteUnfenced() throws SQLException {
        if (!hasStandby()) return false;
        servers[1 - primary].promote();
        primary = 1 - primary;
        failovers++;
        events.accept("SQL standby promoted");
        return true;
    }

    /// Promotions so far that may have lost something.
    int failovers() {
        return failovers;
    }

    private boolean hasStandby() throws SQLException {
        var standby = servers[1 - primary];
        if (standby.isRunning() && standby.ask("SELECT pg_is_in_recovery()").equals("t")) return true;
        events.accept("promotion refused: there is no standby");
        return false;
    }

    /// Changes the roles without losing anything.
    ///
    /// @return whether it was done; refused when the standby does not follow
    boolean switchOver() throws IOException, InterruptedException, SQLException {
        if (isReplicationImpaired || !hasWriter() || !servers[1 - primary].isRunning() || !isStreaming()) {
            events.accept("switchover refused: the standby does not follow");
            return false;
        }
        var old = servers[primary];
        var next = servers[1 - primary];
        // A clean shutdown ends when the standby has received all, the last checkpoint included.
        old.stop();
        var end = shutdownCheckpoint(primary);
        await("the standby to replay everything", () -> {
            var replayed = next.ask("SELECT pg_last_wal_replay_lsn() - '0/0'::pg_lsn");
            return Long.parseLong(replayed) > end;
        });
        next.promote();
        primary = 1 - primary;
        rebuildStandby();
        return true;
    }

    /// Holds replication back until the writer has orders that the standby lacks, kills the writer, promotes.
    ///
    /// @return the ids of the orders that the new writer lacks
    Set<String> loseTail(Duration atMost) throws InterruptedException, SQLException {
        if (!hasWriter() || !hasStandby()) return Set.of();
        replication[primary].hang();
        isReplicationImpaired = true;
        var before = count(primary);
        long deadline = System.nanoTime() + atMost.toNanos();
        while (System.nanoTime() < deadline && count(primary) < before + 5) Thread.sleep(50);
        var lost = ids(primary);
        promote();
        lost.removeAll(ids(primary));
        return lost;
    }

    private long count(int region) throws SQLException {
        return Long.parseLong(servers[region].ask("SELECT count(*) FROM orders"));
    }

    private Set<String> ids(int region) throws SQLException {
        var ids = new HashSet<String>();
        try (var connection = servers[region].connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT id FROM orders WHERE status = 'CONFIRMED'")) {
            while (rows.next()) ids.add(rows.getString(1));
        }
        return ids;
    }

    /// A healthy pair with the writer in Region 0.
    void heal() throws IOException, InterruptedException, SQLException {
        repairLinks();
        if (!servers[primary].isRunning()) servers[primary].start();
        if (!follows()) rebuildStandby();
        if (primary != 0) {
            await("the standby to catch up", this::isCaughtUp);
            switchOver();
        }
    }

    private boolean follows() throws InterruptedException, SQLException {
        var standby = servers[1 - primary];
        if (!standby.isRunning() || standby.ask("SELECT pg_is_in_recovery()").equals("f")) return false;
        long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (!isStreaming()) {
            if (System.nanoTime() > deadline) return false;
            Thread.sleep(50);
        }
        return true;
    }

    private boolean isStreaming() throws SQLException {
        return servers[primary]
                        .ask("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")
                        .equals("1")
                && servers[1 - primary].ask("SELECT pg_is_in_recovery()").equals("t");
    }

    private void rebuildStandby() throws IOException, InterruptedException, SQLException {
        int standby = 1 - primary;
        servers[standby].followThrough(servers[primary], replication[primary].port());
        await("the standby to stream", this::isStreaming);
    }

    /// Whether the standby has replayed all that the primary has written.
    boolean isCaughtUp() throws SQLException {
        return isStreaming() && lagBytes() == 0;
    }

    private long lagBytes() throws SQLException {
        var replayed = servers[1 - primary].ask("SELECT pg_last_wal_replay_lsn()");
        return Long.parseLong(
                servers[primary].ask("SELECT greatest(0, pg_current_wal_lsn() - '" + replayed + "'::pg_lsn)::bigint"));
    }

    private long shutdownCheckpoint(int region) throws IOException {
        var control = Files.readAllBytes(dir.resolve("region-" + region).resolve("global/pg_control"));
        return ByteBuffer.wrap(control).order(ByteOrder.LITTLE_ENDIAN).getLong(CHECKPOINT_OFFSET);
    }

    /// Something to wait for.
    interface Condition {
        boolean holds() throws SQLException;
    }

    static void await(String what, Condition condition) throws InterruptedException, SQLException {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) throw new IllegalStateException("waited in vain for " + what);
            Thread.sleep(50);
        }
    }

    @Override
    public void close() {
        try {
            for (var row : links) for (var link : row) link.close();
            for (var link : replication) link.close();
            for (var server : List.of(servers[1], servers[0])) server.close();
        } catch (IOException _) {
            // The processes are killed in any case.
        }
    }
}
