package dev.meridian.lab.cluster;

import dev.meridian.testing.PostgresServer;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.TcpProxy;
import dev.meridian.testing.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// PostgreSQL in both Regions: one primary, one streaming standby, and a proxy on every connection path. It
/// stands for Aurora Global Database, with an operator's steps as explicit calls.
///
/// The Regions have the indexes 0 and 1. Only one thread at a time makes changes.
public final class Databases implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration MIGRATED_WITHIN = Duration.ofSeconds(60);
    /// Connecting, TLS, the login, the position, the stream: at most.
    private static final int ROUND_TRIPS_TO_STREAM = 10;

    private final Path dir;
    private final TestCertificates certificates;
    private final PostgresServer[] servers = new PostgresServer[2];
    private final SqlLinks links;
    /// By client's Region, then server's Region; null as long as nobody watches.
    private final SqlFront[][] fronts = new SqlFront[2][2];
    private final Consumer<String> events;
    private final Duration streamsWithin;
    private volatile int primary;
    private volatile boolean isReplicationImpaired;
    private volatile int failovers;
    /// When each confirmed order was found to be lost, by [System#nanoTime].
    private final Map<String, Long> lost = new ConcurrentHashMap<>();

    /// @param roundTrip between the Regions
    Databases(Duration roundTrip, Consumer<String> events) throws IOException, InterruptedException, SQLException {
        this.events = events;
        streamsWithin = SOON.plus(roundTrip.multipliedBy(ROUND_TRIPS_TO_STREAM));
        var base = Files.createDirectories(Path.of("target/local-stores").toAbsolutePath());
        dir = Files.createTempDirectory(base, "lab-");
        certificates = TestCertificates.create(dir.resolve("certificates"));
        servers[0] = PostgresServer.primary(dir.resolve("region-0"), certificates);
        servers[1] = PostgresServer.empty(dir.resolve("region-1"), certificates);
        links = new SqlLinks(roundTrip, servers[0].port(), servers[1].port());
        SqlUsers.create(servers[0]);
        rebuildStandby();
    }

    /// Makes the schema and the role of the services, as a deployment does.
    ///
    void migrate(Map<String, String> settings) throws IOException, InterruptedException {
        try (var command = ServiceProcess.run(settings, "migrate")) {
            if (command.exitCode(MIGRATED_WITHIN) != 0) throw new IOException("no schema:\n" + command.log());
        }
    }

    /// The address of a Region's server for a client in a Region.
    String url(int client, int server) {
        return links.url(client, server);
    }

    /// Sets who sees the calls of a Region's service: a proxy that ends TLS takes its connections.
    void watch(int client, StoreCalls watch) throws IOException {
        for (int server = 0; server < 2; server++) {
            var front = fronts[client][server];
            if (front == null) {
                front = new SqlFront(servers[server].port(), certificates);
                fronts[client][server] = front;
                links.retarget(client, server, front.port());
            }
            front.watch(watch);
        }
    }

    /// The file with the certificate that those of both servers are signed with.
    Path authority() {
        return certificates.ca().toAbsolutePath();
    }

    /// The server of a Region itself, without a proxy.
    public PostgresServer server(int region) {
        return servers[region];
    }

    /// The Region of the primary, running or not.
    public int primary() {
        return primary;
    }

    /// Whether the primary runs.
    public boolean hasWriter() {
        return servers[primary].isRunning();
    }

    /// Whether the server of a Region runs.
    public boolean isRunning(int region) {
        return servers[region].isRunning();
    }

    /// Sets the proxy mode for clients and the standby on their way to a Region's server.
    public void impair(int server, Consumer<TcpProxy> how) {
        links.impair(server, how);
        isReplicationImpaired |= server == primary;
    }

    /// Cuts the connections between the Regions.
    public void partition() {
        links.partition();
        isReplicationImpaired = true;
    }

    /// Kills the server of a Region with SIGKILL.
    public void kill(int region) throws InterruptedException {
        servers[region].kill();
    }

    /// Promotes the standby with the data that it has, and fences off the old writer by killing it.
    ///
    /// @return whether it was done
    public boolean promote() throws InterruptedException, SQLException {
        if (!hasStandby()) return false;
        servers[primary].kill();
        events.accept("SQL writer killed");
        return promoteUnfenced();
    }

    /// Promotes the standby while the old writer goes on.
    ///
    /// @return whether it was done
    public boolean promoteUnfenced() throws SQLException {
        if (!hasStandby()) return false;
        servers[1 - primary].promote();
        primary = 1 - primary;
        failovers++;
        events.accept("SQL standby promoted");
        return true;
    }

    /// The number of promotions so far that may have lost data.
    public int failovers() {
        return failovers;
    }

    private boolean hasStandby() throws SQLException {
        var standby = servers[1 - primary];
        if (standby.isRunning() && standby.ask("SELECT pg_is_in_recovery()").equals("t")) return true;
        events.accept("promotion refused: there is no standby");
        return false;
    }

    /// Swaps the roles without data loss.
    ///
    /// @return whether it was done; it is refused when the standby does not follow
    public boolean switchOver() throws IOException, InterruptedException, SQLException {
        if (isReplicationImpaired || !hasWriter() || !servers[1 - primary].isRunning() || !isStreaming()) {
            events.accept("switchover refused: the standby does not follow");
            return false;
        }
        var old = servers[primary];
        var next = servers[1 - primary];
        // A clean shutdown ends when the standby has received everything, including the last checkpoint.
        old.stop();
        long end = StandbyProgress.shutdownCheckpoint(dir.resolve("region-" + primary));
        Waiting.until("the standby to replay everything", () -> StandbyProgress.replayed(next) > end);
        next.promote();
        primary = 1 - primary;
        rebuildStandby();
        return true;
    }

    /// Holds back what the standby gets from the writer: a failover loses what is written from now on.
    public void hangReplication() {
        links.hangReplication(primary);
        isReplicationImpaired = true;
    }

    /// Pauses replication until the writer has orders that the standby lacks, then fails over to it.
    ///
    /// @return the ids of the orders that the new writer lacks
    public Set<String> loseTail(Duration atMost) throws InterruptedException, SQLException {
        if (!hasWriter() || !hasStandby()) return Set.of();
        hangReplication();
        var before = StoredOrders.count(servers[primary]);
        long deadline = System.nanoTime() + atMost.toNanos();
        while (System.nanoTime() < deadline && StoredOrders.count(servers[primary]) < before + 5) Thread.sleep(50);
        long lostAt = System.nanoTime();
        var tail = StoredOrders.confirmed(servers[primary]);
        promote();
        tail.removeAll(StoredOrders.confirmed(servers[primary]));
        tail.forEach(id -> lost.put(id, lostAt));
        return tail;
    }

    /// The orders that a new writer lacked in any [#loseTail] so far, with the time before it, by
    /// [System#nanoTime].
    public Map<String, Long> lost() {
        return Map.copyOf(lost);
    }

    /// Restores a healthy pair with the writer in Region 0.
    public void heal() throws IOException, InterruptedException, SQLException {
        links.repair();
        isReplicationImpaired = false;
        if (!servers[primary].isRunning()) servers[primary].start();
        if (!follows()) rebuildStandby();
        if (primary != 0) {
            Waiting.until("the standby to catch up", this::isCaughtUp);
            switchOver();
        }
    }

    private boolean follows() throws InterruptedException, SQLException {
        var standby = servers[1 - primary];
        if (!standby.isRunning() || standby.ask("SELECT pg_is_in_recovery()").equals("f")) return false;
        return Waiting.holdsWithin(streamsWithin, this::isStreaming);
    }

    private boolean isStreaming() throws SQLException {
        return StandbyProgress.isStreaming(servers[primary], servers[1 - primary]);
    }

    private void rebuildStandby() throws IOException, InterruptedException, SQLException {
        int standby = 1 - primary;
        servers[standby].followThrough(servers[primary], links.replicationPort(primary));
        Waiting.until("the standby to stream", this::isStreaming);
    }

    /// Whether the standby has replayed all that the primary has written.
    public boolean isCaughtUp() throws SQLException {
        return isStreaming() && StandbyProgress.lagBytes(servers[primary], servers[1 - primary]) == 0;
    }

    @Override
    public void close() {
        try {
            links.close();
            for (var row : fronts) for (var front : row) if (front != null) front.close();
            for (var server : List.of(servers[1], servers[0])) server.close();
        } catch (IOException _) {
            // The processes are killed anyway.
        }
    }
}
