package dev.meridian.sqlpool;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/// One address where a server may be, and how to get a verified connection to it.
final class Endpoint {
    /// The server that answered at an endpoint.
    record Server(Endpoint endpoint, ServerIdentity identity) {}

    /// A connection whose server has been identified.
    record VerifiedConnection(Server server, PgSocket socket) {}

    /// A probe may take as many times as long as connecting took the last time.
    private static final int PROBE_FACTOR = 3;

    private final PgConnectOptions options;
    private final BiFunction<PgConnectOptions, Credentials, Uni<Credentials>> credentials;
    private final PoolLimits limits;
    private final HostLookup host;
    private volatile String question;
    private volatile Duration connecting = Duration.ZERO;

    /// @param timelines whether to ask servers for their timelines
    Endpoint(
            PgConnectOptions options,
            BiFunction<PgConnectOptions, Credentials, Uni<Credentials>> credentials,
            boolean timelines,
            PoolLimits limits) {
        this.options = options;
        this.credentials = credentials;
        this.limits = limits;
        this.host = new HostLookup(options.getHost(), InetAddress::getByName);
        this.question = timelines ? ServerIdentity.QUESTION : ServerIdentity.SHORT_QUESTION;
    }

    /// Host and port as configured.
    String name() {
        return options.getHost() + ":" + options.getPort();
    }

    /// A new connection on an event loop that does not belong to a request.
    Future<VerifiedConnection> connect(EventLoop loop) {
        return connect(loop, limits.connect());
    }

    /// A new connection that tells whether a silent server lives, within a limit of its own.
    Future<VerifiedConnection> probe(EventLoop loop) {
        var usual = connecting.multipliedBy(PROBE_FACTOR);
        var least = Collections.max(List.of(limits.probe(), usual));
        return connect(loop, Collections.min(List.of(least, limits.connect())));
    }

    /// How long connecting took the last time, the query included; zero before.
    Duration connecting() {
        return connecting;
    }

    /// Identifies the server of an open connection again.
    Future<VerifiedConnection> verify(PgSocket socket) {
        return verify(socket, limits.connect());
    }

    /// When the server refuses the credentials and there are others by now, those are tried at once.
    private Future<VerifiedConnection> connect(EventLoop loop, Duration limit) {
        return credentials(loop, null)
                .compose(first -> open(loop, first, limit).recover(failure -> {
                    if (first == null || !isLoginRefused(failure)) return Future.failedFuture(failure);
                    return credentials(loop, first)
                            .compose(next -> next.equals(first)
                                    ? Future.failedFuture(failure)
                                    : open(loop, next, limit));
                }));
    }

    private Future<VerifiedConnection> open(EventLoop loop, Credentials login, Duration limit) {
        return located(loop).compose(own -> {
            if (login != null) {
                if (login.user() != null) own.setUser(login.user());
                own.setPassword(login.password());
            }
            long began = System.nanoTime();
            return PgSocket.open(loop, own, limit)
                    .compose(socket -> verify(socket, limit))
                    .onSuccess(_ -> connecting = Duration.ofNanos(System.nanoTime() - began));
        });
    }

    /// Invalid password; invalid authorization specification, Aurora's answer to a token that has expired.
    private static boolean isLoginRefused(Throwable failure) {
        return failure instanceof PgException e
                && ("28P01".equals(e.getSqlState()) || "28000".equals(e.getSqlState()));
    }

    private Future<PgConnectOptions> located(EventLoop loop) {
        return options.isUsingDomainSocket()
                ? Future.succeededFuture(new PgConnectOptions(options))
                : host.address(loop).map(address -> new LocatedOptions(options, address));
    }

    private Future<VerifiedConnection> verify(PgSocket socket, Duration limit) {
        return socket.identify(question, this::shorter, limit)
                .map(identity -> new VerifiedConnection(new Server(this, identity), socket));
    }

    /// The question to ask instead, from now on, when the server cannot answer the long one.
    private Optional<String> shorter(Throwable failure) {
        if (!ServerIdentity.isUnanswerable(failure) || question.equals(ServerIdentity.SHORT_QUESTION)) {
            return Optional.empty();
        }
        question = ServerIdentity.SHORT_QUESTION;
        return Optional.of(question);
    }

    private Future<Credentials> credentials(EventLoop loop, Credentials refused) {
        if (credentials == null) return Future.succeededFuture();
        Promise<Credentials> login = loop.promise();
        credentials
                .apply(options, refused)
                .ifNoItem()
                .after(limits.connect())
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
