package dev.meridian.async;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/// The event loop and the request of the current caller. The only class of this package that uses Vert.x internals.
public final class CallerContext {
    private CallerContext() {}

    /// Resumes in the request that subscribes, on its event loop. A shared answer arrives in another request.
    /// Outside of a request nothing changes.
    public static <T> Uni<T> resumeOn(Uni<T> uni) {
        return Uni.createFrom().deferred(() -> {
            var context = Vertx.currentContext();
            return context == null ? uni : uni.emitOn(task -> context.runOnContext(_ -> task.run()));
        });
    }

    /// Runs tasks in a context: at once on its own thread, later from any other.
    public static Executor executor(Context context) {
        return task -> ((ContextInternal) context).emit(null, _ -> task.run());
    }

    /// The caller's event loop as a scheduler: its timers wake no other thread and take no lock. Outside of
    /// an event loop, Mutiny's default scheduler.
    public static ScheduledExecutorService scheduler() {
        return Vertx.currentContext() instanceof ContextInternal own
                ? own.nettyEventLoop()
                : Infrastructure.getDefaultWorkerPool();
    }
}
