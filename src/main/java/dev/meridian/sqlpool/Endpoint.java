package dev.meridian.sqlpool;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.util.function.Function;

/// One address where a server may be, and how to get a verified connection to it.
final class Endpoint {
    /// The server that answered at an endpoint.
    record Server(Endpoint endpoint, ServerIdentity identity) {}

    /// A connection whose server has been identified.
    record VerifiedConnection(Server server, PgSocket socket) {}

    private final PgConnectOptions options;
    private final Function<PgConnectOptions, Uni<String>> password;
    private final Duration timeout;
    private final String query;

    /// @param query identifies a server
    /// @param timeout for connecting, and again for the query
    Endpoint(
            PgConnectOptions options,
            Function<PgConnectOptions, Uni<String>> password,
            String query,
            Duration timeout) {
        this.options = options;
        this.password = password;
        this.query = query;
        this.timeout = timeout;
    }

    /// Host and port as configured.
    String name() {
        return options.getHost() + ":" + options.getPort();
    }

    /// A new connection on an event loop that does not belong to a request.
    Future<VerifiedConnection> connect(EventLoop loop) {
        return connect(loop, timeout);
    }

    /// A new connection, with a time limit of its own.
    ///
    /// @param limit for the handshake, and again for the query
    Future<VerifiedConnection> connect(EventLoop loop, Duration limit) {
        return password(loop).compose(secret -> {
            var own = new PgConnectOptions(options);
            if (secret != null) own.setPassword(secret);
            return PgSocket.open(loop, own, limit).compose(socket -> verify(socket, limit));
        });
    }

    /// Identifies the server of an open connection again.
    Future<VerifiedConnection> verify(PgSocket socket) {
        return verify(socket, timeout);
    }

    private Future<VerifiedConnection> verify(PgSocket socket, Duration limit) {
        return socket.identify(query, limit)
                .map(identity -> new VerifiedConnection(new Server(this, identity), socket));
    }

    private Future<String> password(EventLoop loop) {
        if (password == null) return Future.succeededFuture();
        Promise<String> secret = loop.promise();
        password.apply(options).ifNoItem().after(timeout).fail().subscribe().with(secret::complete, secret::fail);
        return secret.future();
    }
}
