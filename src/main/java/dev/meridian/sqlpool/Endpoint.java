package dev.meridian.sqlpool;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.function.BiFunction;

/// One address where a server may be, and how to get a verified connection to it.
final class Endpoint {
    /// The server that answered at an endpoint.
    record Server(Endpoint endpoint, ServerIdentity identity) {}

    /// A connection whose server has been identified.
    record VerifiedConnection(Server server, PgSocket socket) {}

    private final PgConnectOptions options;
    private final BiFunction<PgConnectOptions, Credentials, Uni<Credentials>> credentials;
    private final Duration timeout;
    private final String query;

    /// @param query identifies a server
    /// @param timeout for connecting, and again for the query
    Endpoint(
            PgConnectOptions options,
            BiFunction<PgConnectOptions, Credentials, Uni<Credentials>> credentials,
            String query,
            Duration timeout) {
        this.options = options;
        this.credentials = credentials;
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

    /// A new connection, with a time limit of its own. When the server refuses the credentials and there are others by
    /// now, those are tried at once.
    ///
    /// @param limit for the handshake, and again for the query
    Future<VerifiedConnection> connect(EventLoop loop, Duration limit) {
        return credentials(loop, null)
                .compose(first -> open(loop, first, limit).recover(failure -> {
                    if (first == null || !isLoginRefused(failure)) return Future.failedFuture(failure);
                    return credentials(loop, first)
                            .compose(next -> next.equals(first)
                                    ? Future.failedFuture(failure)
                                    : open(loop, next, limit));
                }))
                .compose(socket -> verify(socket, limit));
    }

    private Future<PgSocket> open(EventLoop loop, Credentials login, Duration limit) {
        var own = new PgConnectOptions(options);
        if (login != null) {
            if (login.user() != null) own.setUser(login.user());
            own.setPassword(login.password());
        }
        return PgSocket.open(loop, own, limit);
    }

    /// Invalid password; invalid authorization specification, Aurora's answer to a token that has expired.
    private static boolean isLoginRefused(Throwable failure) {
        return failure instanceof PgException e
                && ("28P01".equals(e.getSqlState()) || "28000".equals(e.getSqlState()));
    }

    /// Identifies the server of an open connection again.
    Future<VerifiedConnection> verify(PgSocket socket) {
        return verify(socket, timeout);
    }

    private Future<VerifiedConnection> verify(PgSocket socket, Duration limit) {
        return socket.identify(query, limit)
                .map(identity -> new VerifiedConnection(new Server(this, identity), socket));
    }

    private Future<Credentials> credentials(EventLoop loop, Credentials refused) {
        if (credentials == null) return Future.succeededFuture();
        Promise<Credentials> login = loop.promise();
        credentials
                .apply(options, refused)
                .ifNoItem()
                .after(timeout)
                .fail()
                .subscribe()
                .with(login::complete, failure -> login.fail(new NoCredentials(failure)));
        return login.future();
    }

    /// There is nothing to log in with, which says nothing about the server.
    static final class NoCredentials extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoCredentials(Throwable cause) {
            super("no credentials for PostgreSQL: " + cause.getMessage(), cause, false, false);
        }
    }
}
