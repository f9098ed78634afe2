package dev.meridian.sqlpool;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import java.util.function.Supplier;

/// Converts Vert.x futures to Mutiny.
final class MutinyBridge {
    private MutinyBridge() {}

    /// Makes a call lazy: each subscription calls, on the subscriber's thread.
    static Uni<RowSet<Row>> rows(Supplier<Future<io.vertx.sqlclient.RowSet<io.vertx.sqlclient.Row>>> call) {
        return Uni.createFrom()
                .emitter(emitter -> call.get().onComplete(answer -> {
                    if (answer.succeeded()) {
                        emitter.complete(RowSet.newInstance(answer.result(), Row.__TYPE_ARG));
                    } else {
                        emitter.fail(answer.cause());
                    }
                }));
    }
}
