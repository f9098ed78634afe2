package dev.meridian.dynamo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DynamoRetriesTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Random random = new Random(15);
    private final DynamoRetries retries = new DynamoRetries(random::nextLong);

    private boolean isRepeated() {
        return retries.next(0, SECOND).isPresent();
    }

    /// However the refusals are spread: of these calls in a row at most every tenth is repeated.
    @ParameterizedTest
    @CsvSource({"200, 1", "200, 2", "1000, 1", "1000, 3", "5000, 50"})
    void ofManyCallsAtMostEveryTenthIsRepeated(int calls, int burst) {
        int repeated = 0;
        for (int i = 0; i < calls; i++) {
            retries.called();
            for (int n = 0; i % burst == burst - 1 && n < burst; n++) if (isRepeated()) repeated++;
        }
        assertTrue(repeated <= calls / 10, repeated + " of " + calls);
        assertTrue(repeated >= calls / 15 || burst > 5, repeated + " of " + calls);
    }

    @Test
    void noMoreIsSavedInAQuietTime() {
        for (int i = 0; i < 100_000; i++) retries.called();
        int repeated = 0;
        while (isRepeated()) repeated++;
        assertEquals(5, repeated);
    }

    @Test
    void aFewCallsThatFailAloneAreRepeatedFromTheStart() {
        assertTrue(isRepeated());
    }

    @Test
    void oneCallIsRepeatedThreeTimes() {
        assertTrue(retries.next(2, SECOND).isPresent());
        assertTrue(retries.next(3, SECOND).isEmpty());
    }

    /// And a retry that is not made costs nothing.
    @Test
    void thePauseEndsBeforeTheDeadline() {
        for (int i = 0; i < 1000; i++) assertTrue(retries.next(1, 0).isEmpty());
        for (int i = 0; i < 5; i++) assertTrue(retries.next(1, SECOND).orElseThrow() < SECOND);
    }

    /// A thousand callers that are throttled at the same time: the pauses are spread over their whole range.
    @ParameterizedTest
    @CsvSource({"0, 25", "1, 50", "2, 100"})
    void callersThatAreThrottledTogetherDoNotComeBackTogether(int retry, int millis) {
        var pauses = new ArrayList<Long>();
        for (int caller = 0; caller < 1000; caller++) {
            for (int i = 0; i < 100; i++) retries.called();
            pauses.add(retries.next(retry, SECOND).orElseThrow());
        }
        var counts = new int[10];
        pauses.forEach(pause -> counts[(int) (pause * 10 / TimeUnit.MILLISECONDS.toNanos(millis))]++);
        for (int count : counts) assertTrue(count > 50 && count < 150, "one tenth of the time has " + count);
        assertTrue(Collections.max(pauses) < TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
