package dev.meridian.limits;

import io.smallrye.common.vertx.ContextLocals;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;

/// One request on its way: counted and timed from the end of its body to its answer, but for what has an admission
/// control of its own.
public final class RequestUnderWay implements Handler<AsyncResult<Void>> {
    private static final String KEY = RequestUnderWay.class.getName();

    private enum State {
        NEW,
        COUNTED,
        ASIDE,
        ENDED
    }

    private final ConcurrencyLimit limit;
    private final int kind;
    private final HttpServerResponse response;
    private State state = State.NEW;
    private long since;
    private long nanos;

    RequestUnderWay(ConcurrencyLimit limit, int kind, HttpServerResponse response) {
        this.limit = limit;
        this.kind = kind;
        this.response = response;
    }

    /// Waits for something whose number is bounded elsewhere. Until it ends, the request of the subscriber counts
    /// neither as under way nor as slow.
    public static <T> Uni<T> aside(Uni<T> bounded) {
        return Uni.createFrom().deferred(() -> {
            var own = current();
            if (own == null) return bounded;
            own.stepAside();
            return bounded.onTermination().invoke(own::comeBack);
        });
    }

    private static RequestUnderWay current() {
        return VertxContext.isOnDuplicatedContext() ? ContextLocals.<RequestUnderWay>get(KEY, null) : null;
    }

    /// Makes this the request of the current context.
    void attach() {
        if (VertxContext.isOnDuplicatedContext()) ContextLocals.put(KEY, this);
    }

    /// Its body has arrived.
    synchronized void begin() {
        if (state == State.NEW) count();
    }

    private synchronized void stepAside() {
        if (state != State.COUNTED) return;
        nanos += System.nanoTime() - since;
        state = State.ASIDE;
        limit.leave();
    }

    private synchronized void comeBack() {
        if (state == State.ASIDE) count();
    }

    private void count() {
        state = State.COUNTED;
        since = System.nanoTime();
        limit.begin();
    }

    /// It is answered, or its client is gone.
    @Override
    public synchronized void handle(AsyncResult<Void> end) {
        if (state == State.COUNTED) {
            int status = response.getStatusCode();
            if (end.succeeded() && (status < 400 || status >= 500)) {
                limit.answered(kind, nanos + System.nanoTime() - since, status >= 500);
            }
            limit.leave();
        }
        state = State.ENDED;
    }
}
