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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    private final Set<PgSocket> opening = ConcurrentHashMap.newKeySet();
    private volatile String question;
    private volatile Duration connecting = Duration.ZERO;
    private volatile Duration roundTrip = Duration.ZERO;

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

    /// How long the query took the last time: a round trip; zero before.
    Duration roundTrip() {
        return roundTrip;
    }

    /// Identifies the server of an open connection again.
    Future<VerifiedConnection> verify(PgSocket socket) {
        return verify(socket, limits.connect());
    }

    private Future<VerifiedConnection> connect(EventLoop loop, Duration limit) {
        return located(loop).compose(own -> {
            if (credentials == null) return open(loop, own, limit);
            return credentials(loop, null)
                    .compose(login -> open(loop, own, login, limit)
                            .recover(failure -> isLoginRefused(failure)
                                    ? openWithOthers(loop, own, login, limit, failure)
                                    : Future.failedFuture(failure)));
        });
    }

    /// Tries again at once when there are other credentials by now, once.
    private Future<VerifiedConnection> openWithOthers(
            EventLoop loop, PgConnectOptions own, Credentials refused, Duration limit, Throwable failure) {
        return credentials(loop, refused)
                .compose(login -> login.equals(refused) ? Future.failedFuture(failure) : open(loop, own, login, limit));
    }

    private Future<VerifiedConnection> open(EventLoop loop, PgConnectOptions own, Credentials login, Duration limit) {
        own.setUser(login.user() == null ? options.getUser() : login.user());
        own.setPassword(login.password());
        return open(loop, own, limit);
    }

    private Future<VerifiedConnection> open(EventLoop loop, PgConnectOptions own, Duration limit) {
        long began = System.nanoTime();
        var socket = new PgSocket(loop, own);
        opening.add(socket);
        return socket.open(limit)
                .compose(_ -> verify(socket, limit))
                .onSuccess(_ -> connecting = Duration.ofNanos(System.nanoTime() - began))
                .onComplete(_ -> opening.remove(socket));
    }

    /// Closes the connections that are being opened. The client does not say when that is done.
    void closeOpening() {
        opening.forEach(PgSocket::closeNow);
    }

    /// Invalid password; invalid authorization specification, Aurora's answer to a token that has expired.
    private static boolean isLoginRefused(Throwable failure) {
        return failure instanceof PgException e && ("28P01".equals(e.getSqlState()) || "28000".equals(e.getSqlState()));
    }

    private Future<PgConnectOptions> located(EventLoop loop) {
        return options.isUsingDomainSocket()
                ? Future.succeededFuture(new PgConnectOptions(options))
                : host.address(loop).map(address -> new LocatedOptions(options, address));
    }

    private Future<VerifiedConnection> verify(PgSocket socket, Duration limit) {
        long began = System.nanoTime();
        return socket.identify(question, this::shorter, limit)
                .onSuccess(_ -> roundTrip = Duration.ofNanos(System.nanoTime() - began))
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
