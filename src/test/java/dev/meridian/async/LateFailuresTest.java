package dev.meridian.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class LateFailuresTest {
    /// The log records at INFO or above.
    private static final class Told extends Handler {
        final List<String> lines = new ArrayList<>();

        @Override
        public void publish(LogRecord line) {
            if (line.getLevel().intValue() >= Level.INFO.intValue()) lines.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /// Two calls that fail in the same turn of an event loop, like two partitions of an unreachable store.
    private static List<String> toldWhenTwoFailAtOnce(RuntimeException failure) {
        var told = new Told();
        var log = Logger.getLogger(LateFailures.class.getName());
        log.addHandler(told);
        try {
            new LateFailures().onStart(null);
            var turn = new ArrayList<Runnable>();
            var failures = new ArrayList<Throwable>();
            Multi.createFrom()
                    .items(1, 2)
                    .onItem()
                    .transformToUni(one ->
                            Uni.createFrom().failure(failure).emitOn(turn::add).replaceWith(one))
                    .merge(2)
                    .collect()
                    .last()
                    .subscribe()
                    .with(_ -> {}, failures::add);
            assertEquals(2, turn.size());
            turn.forEach(Runnable::run);
            assertEquals(List.of(failure), failures);
        } finally {
            Infrastructure.resetDroppedExceptionHandler();
            log.removeHandler(told);
        }
        return told.lines;
    }

    @Test
    void theSecondOfTwoStoreFailuresIsNoNews() {
        assertEquals(List.of(), toldWhenTwoFailAtOnce(ProblemException.unavailable("DynamoDB does not answer.", null)));
    }

    @Test
    void theSecondOfTwoFaultsOfOursIsLogged() {
        var told = toldWhenTwoFailAtOnce(new NullPointerException("ours"));
        assertEquals(1, told.size());
        assertTrue(told.getFirst().contains("unexpected"), told::toString);
    }

    @Test
    void mistakesInTheProgramAreFaults() {
        assertTrue(LateFailures.isFault(new NoSuchElementException()));
        assertTrue(LateFailures.isFault(new StackOverflowError()));
        assertFalse(LateFailures.isFault(new IOException()));
        assertFalse(LateFailures.isFault(new TimeoutException()));
        assertFalse(LateFailures.isFault(ProblemException.invalid("limit", "must be " + Duration.ZERO)));
    }
}
