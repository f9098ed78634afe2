package dev.meridian.sqlpool;

import io.vertx.core.net.SocketAddress;
import io.vertx.pgclient.PgConnectOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Options that lead to a known address of their host. TLS checks the host's name as before.
final class LocatedOptions extends PgConnectOptions {
    private final SocketAddress address;

    /// @param address carries the host's name
    LocatedOptions(PgConnectOptions options, InetAddress address) {
        super(options);
        this.address = SocketAddress.inetSocketAddress(new InetSocketAddress(address, options.getPort()));
    }

    @Override
    public SocketAddress getSocketAddress() {
        return address;
    }
}
