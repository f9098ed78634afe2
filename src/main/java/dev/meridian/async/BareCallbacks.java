package dev.meridian.async;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;

/// Callbacks of Mutiny run as they are. Context propagation would wrap each of them, some thirty for a request, to
/// clear and restore contexts, although nothing is propagated (`mp.context.ThreadContext.propagated=None`): a
/// request stays on its own Vert.x context, which holds all that it needs.
@ApplicationScoped
class BareCallbacks {
    void onStart(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) StartupEvent start) {
        Infrastructure.clearInterceptors();
    }
}
