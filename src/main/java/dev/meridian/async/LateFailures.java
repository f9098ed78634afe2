package dev.meridian.async;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/// Handles failures that Mutiny cannot deliver, because their subscriber already has its answer. When several
/// calls run in parallel, the first failure is the answer and cancels the others. A second failure at the same
/// time adds nothing, but Mutiny logs it by default as a dropped error.
@ApplicationScoped
class LateFailures {
    private static final int FIRST = 1;

    void onStart(@Observes @Priority(FIRST) StartupEvent start) {
        Infrastructure.setDroppedExceptionHandler(LateFailures::report);
    }

    /// Programming errors are always logged.
    private static void report(Throwable failure) {
        if (isFault(failure)) {
            Log.errorf(failure, "a call failed in an unexpected way after its caller was answered");
        } else {
            Log.debugf("a call failed after its caller was answered: %s", failure);
        }
    }

    /// Stores and clients have exception types of their own; exceptions of `java.lang` are programming errors.
    static boolean isFault(Throwable failure) {
        return failure instanceof Error
                || failure instanceof RuntimeException
                        && failure.getClass().getPackageName().startsWith("java.");
    }
}
