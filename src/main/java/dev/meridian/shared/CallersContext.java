package dev.meridian.shared;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;

/// Brings an answer back to whoever asked.
public final class CallersContext {
    private CallersContext() {}

    /// Resumes on the event loop, and in the request, in which it is subscribed to: what is shared among requests is
    /// answered in one of them. Outside of a request nothing changes.
    public static <T> Uni<T> resume(Uni<T> uni) {
        return Uni.createFrom().deferred(() -> {
            var context = Vertx.currentContext();
            return context == null ? uni : uni.emitOn(task -> context.runOnContext(_ -> task.run()));
        });
    }
}
