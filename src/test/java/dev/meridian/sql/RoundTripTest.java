package dev.meridian.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RoundTripTest {
    private final RoundTrip roundTrip = new RoundTrip();

    private CompletableFuture<String> begin() {
        var answer = new CompletableFuture<String>();
        roundTrip.of(Uni.createFrom().completionStage(answer)).subscribe().with(_ -> {}, _ -> {});
        return answer;
    }

    @Test
    void theShortestAnswerCountsAndNoFailure() {
        var slow = begin();
        var failed = begin();
        failed.completeExceptionally(new IllegalStateException());
        assertEquals(Duration.ZERO, roundTrip.shortest());
        slow.complete("");
        var shortest = roundTrip.shortest();
        assertTrue(shortest.isPositive());
        for (int i = 0; i < 10; i++) begin().complete("");
        assertTrue(roundTrip.shortest().compareTo(shortest) <= 0);
    }

    @Test
    void whatBeganBeforeAnotherServerWasFoundDoesNotCount() {
        var before = begin();
        begin().complete("");
        roundTrip.reset();
        assertEquals(Duration.ZERO, roundTrip.shortest());
        before.complete("");
        assertEquals(Duration.ZERO, roundTrip.shortest());
        begin().complete("");
        assertTrue(roundTrip.shortest().isPositive());
    }
}
