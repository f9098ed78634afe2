package dev.meridian.sqlpool;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.impl.ContextInternal;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.util.function.Function;

/// One address where a server may be, and how to get a proven connection to it.
final class Endpoint {
    /// A connection and what its server said last.
    record Proven(Wire wire, Proof proof) {}

    private final PgConnectOptions options;
    private final Function<PgConnectOptions, Uni<String>> password;
    private final Duration timeout;
    private final String query;

    /// @param query what a server is asked
    /// @param timeout for connecting, and again for the question
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

    /// A new connection on the event loop of `loop`, a root context.
    Future<Proven> connect(ContextInternal loop) {
        return connect(loop, timeout);
    }

    /// A new connection, with little patience.
    ///
    /// @param limit for the handshake, and again for the question
    Future<Proven> connect(ContextInternal loop, Duration limit) {
        return password(loop).compose(secret -> {
            var own = new PgConnectOptions(options);
            if (secret != null) own.setPassword(secret);
            return Wire.open(loop, own, limit).compose(wire -> ask(wire, limit));
        });
    }

    /// Asks the server behind an open connection again.
    Future<Proven> ask(Wire wire) {
        return ask(wire, timeout);
    }

    private Future<Proven> ask(Wire wire, Duration limit) {
        return wire.prove(query, limit).map(proof -> new Proven(wire, proof));
    }

    private Future<String> password(ContextInternal loop) {
        if (password == null) return loop.succeededFuture(null);
        Promise<String> secret = loop.promise();
        password.apply(options).ifNoItem().after(timeout).fail().subscribe().with(secret::complete, secret::fail);
        return secret.future();
    }
}
