package dev.meridian.sqlpool;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;

/// From futures of Vert.x to Mutiny.
final class Rows {
    private Rows() {}

    /// A lazy statement: each subscription runs it, on the subscriber's Vert.x context or, outside of Vert.x,
    /// on a context made for that thread.
    static Uni<RowSet<Row>> uni(
            Vertx vertx, StatementPool pool, String sql, Tuple parameters, Duration timeout, boolean repeatable) {
        return Uni.createFrom().emitter(emitter -> {
            var caller = ((VertxInternal) vertx).getOrCreateContext();
            var statement = new Statement(caller, sql, parameters.getDelegate(), timeout, repeatable);
            pool.execute(statement).onComplete(answer -> {
                if (answer.succeeded()) {
                    emitter.complete(RowSet.newInstance(answer.result(), Row.__TYPE_ARG));
                } else {
                    emitter.fail(answer.cause());
                }
            });
        });
    }
}
