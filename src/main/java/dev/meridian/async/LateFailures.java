package dev.meridian.async;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/// Failures that come when nobody waits for them any more. Where several calls run at once, the first that fails is the
/// answer of all, and is handled where that answer goes; the others are cancelled, and one of them that has failed at
/// the same time says nothing new. Mutiny by itself logs it as an error that it had to drop.
@ApplicationScoped
class LateFailures {
    private static final int FIRST = 1;

    void onStart(@Observes @Priority(FIRST) StartupEvent start) {
        Infrastructure.setDroppedExceptionHandler(LateFailures::report);
    }

    /// A fault of our own is logged, whoever waits.
    private static void report(Throwable failure) {
        if (isFault(failure)) {
            Log.errorf(failure, "a call failed in an unexpected way after its caller was answered");
        } else {
            Log.debugf("a call failed after its caller was answered: %s", failure);
        }
    }

    /// Stores and clients fail with exceptions of their own; those of the language are mistakes in the program.
    static boolean isFault(Throwable failure) {
        return failure instanceof Error
                || failure instanceof RuntimeException
                        && failure.getClass().getPackageName().startsWith("java.");
    }
}
