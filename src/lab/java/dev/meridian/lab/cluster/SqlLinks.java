package dev.meridian.lab.cluster;

import dev.meridian.testing.TcpProxy;
import java.io.IOException;
import java.util.function.Consumer;

/// The ways to PostgreSQL of both Regions, each through a proxy: those of clients, and those of a standby to the
/// primary that it follows.
final class SqlLinks implements AutoCloseable {
    /// By client's Region, then server's Region.
    private final TcpProxy[][] links = new TcpProxy[2][2];
    /// By the primary's Region: how the standby reaches it.
    private final TcpProxy[] replication = new TcpProxy[2];

    /// @param ports of the servers, by Region
    SqlLinks(int... ports) throws IOException {
        for (int server = 0; server < 2; server++) {
            replication[server] = new TcpProxy("127.0.0.1", ports[server]);
            for (int client = 0; client < 2; client++) links[client][server] = new TcpProxy("127.0.0.1", ports[server]);
        }
    }

    /// The address of a Region's server for a client in a Region.
    String url(int client, int server) {
        return "postgresql://127.0.0.1:" + links[client][server].port() + "/postgres";
    }

    /// Where a standby finds the primary of a Region.
    int replicationPort(int primary) {
        return replication[primary].port();
    }

    /// The standby gets nothing of the primary of a Region any more.
    void hangReplication(int primary) {
        replication[primary].hang();
    }

    /// What clients and the standby meet on their way to a Region's server.
    void impair(int server, Consumer<TcpProxy> how) {
        for (int client = 0; client < 2; client++) how.accept(links[client][server]);
        how.accept(replication[server]);
    }

    /// Nothing passes between the Regions.
    void partition() {
        for (int server = 0; server < 2; server++) {
            links[1 - server][server].cut();
            replication[server].cut();
        }
    }

    void repair() {
        for (int server = 0; server < 2; server++) {
            for (int client = 0; client < 2; client++) links[client][server].pass();
            // What waited in a hanging link to a standby would be from before a failover.
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
