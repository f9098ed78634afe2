package dev.meridian.lab.cluster;

import dev.meridian.testing.TcpProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/// The proxies in front of PostgreSQL in both Regions: for clients, and between standby and primary. What
/// leaves its Region takes a round trip.
final class SqlLinks implements AutoCloseable {
    /// By client's Region, then server's Region.
    private final TcpProxy[][] links = new TcpProxy[2][2];
    /// By the primary's Region: the proxy for the standby.
    private final TcpProxy[] replication = new TcpProxy[2];

    /// @param roundTrip between the Regions
    /// @param ports of the servers, by Region
    SqlLinks(Duration roundTrip, int... ports) throws IOException {
        for (int server = 0; server < 2; server++) {
            replication[server] = new TcpProxy("127.0.0.1", ports[server], roundTrip);
            for (int client = 0; client < 2; client++) {
                var way = client == server ? Duration.ZERO : roundTrip;
                links[client][server] = new TcpProxy("127.0.0.1", ports[server], way);
            }
        }
    }

    /// The address of a Region's server for a client in a Region.
    String url(int client, int server) {
        return "postgresql://127.0.0.1:" + links[client][server].port() + "/postgres";
    }

    /// The standby's address for the primary in a Region.
    int replicationPort(int primary) {
        return replication[primary].port();
    }

    /// Holds back the stream from the primary of a Region to the standby.
    void hangReplication(int primary) {
        replication[primary].hang();
    }

    /// Sets the proxy mode for clients and the standby on their way to a Region's server.
    void impair(int server, Consumer<TcpProxy> how) {
        for (int client = 0; client < 2; client++) how.accept(links[client][server]);
        how.accept(replication[server]);
    }

    /// Leads a client's Region to another port than the server's; its connections begin anew.
    void retarget(int client, int server, int port) {
        links[client][server].retarget(port);
        links[client][server].resetConnections();
    }

    /// Cuts the connections between the Regions.
    void partition() {
        for (int server = 0; server < 2; server++) {
            links[1 - server][server].cut();
            replication[server].cut();
        }
    }

    void repair() {
        for (int server = 0; server < 2; server++) {
            for (int client = 0; client < 2; client++) links[client][server].pass();
            // Data held in a hanging link to a standby would be from before a failover.
            replication[server].resetConnections();
            replication[server].pass();
        }
    }

    @Override
    public void close() throws IOException {
        for (var row : links) for (var link : row) link.close();
        for (var link : replication) link.close();
    }
}
