package dev.meridian.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RequestCoalescerTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /// Calls that the test completes.
    private static final class Calls {
        final List<String> made = new ArrayList<>();
        final List<CompletableFuture<String>> open = new ArrayList<>();

        Uni<String> make(String key, int size) {
            made.add(key + size);
            var answer = new CompletableFuture<String>();
            open.add(answer);
            return Uni.createFrom().completionStage(answer);
        }
    }

    private final Calls calls = new Calls();
    private final RequestCoalescer<String, String> coalescer = new RequestCoalescer<>(calls::make, 3);

    private UniAssertSubscriber<String> join(String key) {
        return coalescer.join(key).subscribe().withSubscriber(UniAssertSubscriber.create());
    }

    @Test
    void aCallOnItsOwnStartsAtOnceAndNothingStaysBehind() {
        for (int i = 0; i < 3; i++) {
            var alone = join("a");
            assertEquals(i + 1, calls.made.size());
            calls.open.get(i).complete("x" + i);
            alone.assertItem("x" + i);
        }
        assertEquals(List.of("a1", "a1", "a1"), calls.made);
    }

    @Test
    void thoseWhoComeMeanwhileGoTogetherInTheNext() {
        var first = join("a");
        var second = join("a");
        var third = join("a");
        assertEquals(List.of("a1"), calls.made);
        calls.open.get(0).complete("one");
        first.assertItem("one");
        assertEquals(List.of("a1", "a2"), calls.made);
        second.assertNotTerminated();
        var fourth = join("a");
        calls.open.get(1).complete("two");
        second.assertItem("two");
        third.assertItem("two");
        fourth.assertNotTerminated();
        assertEquals(List.of("a1", "a2", "a1"), calls.made);
        calls.open.get(2).complete("three");
        fourth.assertItem("three");
    }

    @Test
    void keysDoNotWaitForEachOther() {
        join("a");
        join("b");
        assertEquals(List.of("a1", "b1"), calls.made);
    }

    @Test
    void aFailureIsThatOfItsOwnCallOnly() {
        var first = join("a");
        var second = join("a");
        var third = join("a");
        calls.open.get(0).complete("one");
        join("a");
        calls.open.get(1).completeExceptionally(new IllegalStateException("no"));
        first.assertItem("one");
        second.assertFailedWith(IllegalStateException.class, "no");
        third.assertFailedWith(IllegalStateException.class, "no");
        assertEquals(List.of("a1", "a2", "a1"), calls.made);
    }

    @Test
    void aCallThatCannotBeMadeFailsItsMembersAndTheNextIsMade() {
        var made = new AtomicInteger();
        var broken = new RequestCoalescer<String, String>(
                (_, _) -> {
                    if (made.incrementAndGet() == 1) throw new IllegalStateException("no");
                    return Uni.createFrom().item("yes");
                },
                3);
        broken.join("a")
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create())
                .assertFailedWith(IllegalStateException.class, "no");
        broken.join("a")
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create())
                .assertItem("yes");
    }

    @Test
    void moreThanMayWaitAreRefusedAtOnce() {
        var running = join("a");
        var waiting = List.of(join("a"), join("a"), join("a"));
        var refused = join("a").getFailure();
        assertTrue(assertInstanceOf(ProblemException.class, refused).isUnavailable());
        join("b").assertNotTerminated();
        calls.open.get(0).complete("one");
        running.assertItem("one");
        join("a").assertNotTerminated();
        assertEquals(List.of("a1", "b1", "a3"), calls.made);
        calls.open.get(2).complete("two");
        waiting.forEach(member -> member.assertItem("two"));
        assertEquals(List.of("a1", "b1", "a3", "a1"), calls.made);
    }

    @Test
    void whoGivesUpStaysCountedAndDisturbsNobody() {
        join("a");
        var leaves = join("a");
        var stays = join("a");
        leaves.cancel();
        calls.open.get(0).complete("one");
        calls.open.get(1).complete("two");
        stays.assertItem("two");
        leaves.assertNotTerminated();
        assertEquals(List.of("a1", "a2"), calls.made);
    }

    @Test
    void callsOfOneKeyBeginNoFasterThanTheInterval() {
        var interval = Duration.ofMillis(40);
        var begun = new ArrayList<Long>();
        var paced = new RequestCoalescer<String, Integer>(
                (_, size) -> {
                    begun.add(System.nanoTime());
                    return Uni.createFrom().item(size);
                },
                2,
                interval);
        long from = System.nanoTime();
        for (int i = 0; i < 5; i++) paced.join("a").await().atMost(LIMIT);
        assertEquals(5, begun.size());
        for (int i = 0; i < 5; i++) assertTrue(begun.get(i) - from >= i * interval.toNanos());
    }

    @Test
    void thoseWhoComeBeforeTheIntervalIsOverShareTheCallThatBeginsThen() {
        var paced = new RequestCoalescer<>(calls::make, 2, Duration.ofMillis(300));
        var first = paced.join("a").subscribe().withSubscriber(UniAssertSubscriber.create());
        calls.open.get(0).complete("one");
        first.assertItem("one");
        var second = paced.join("a").subscribe().withSubscriber(UniAssertSubscriber.create());
        var third = paced.join("a").subscribe().withSubscriber(UniAssertSubscriber.create());
        var refused = paced.join("a").subscribe().withSubscriber(UniAssertSubscriber.create());
        assertTrue(
                assertInstanceOf(ProblemException.class, refused.getFailure()).isUnavailable());
        Awaitility.await().atMost(LIMIT).until(() -> calls.open.size() == 2);
        calls.open.get(1).complete("two");
        second.awaitItem(LIMIT).assertItem("two");
        third.awaitItem(LIMIT).assertItem("two");
        assertEquals(List.of("a1", "a2"), calls.made);
    }

    @Test
    void aKeptAnswerServesThoseWhoComeMeanwhileAndAfterwards() {
        var kept = RequestCoalescer.<String, String>keeping(key -> calls.make(key, 1), Duration.ofHours(1));
        var first = kept.join("a").subscribe().withSubscriber(UniAssertSubscriber.create());
        var second = kept.join("a").subscribe().withSubscriber(UniAssertSubscriber.create());
        calls.open.get(0).complete("one");
        first.assertItem("one");
        second.assertItem("one");
        assertEquals("one", kept.join("a").await().atMost(LIMIT));
        kept.join("b").subscribe().withSubscriber(UniAssertSubscriber.create()).assertNotTerminated();
        assertEquals(List.of("a1", "b1"), calls.made);
    }

    @Test
    void anAnswerThatIsTooOldIsNotGivenAgain() {
        var kept = RequestCoalescer.<String, String>keeping(key -> calls.make(key, 1), Duration.ZERO);
        for (int i = 0; i < 3; i++) {
            var alone = kept.join("a").subscribe().withSubscriber(UniAssertSubscriber.create());
            calls.open.get(i).complete("x" + i);
            alone.assertItem("x" + i);
        }
    }

    @Test
    void aFailureIsNotKept() {
        var kept = RequestCoalescer.<String, String>keeping(key -> calls.make(key, 1), Duration.ofHours(1));
        var first = kept.join("a").subscribe().withSubscriber(UniAssertSubscriber.create());
        calls.open.get(0).completeExceptionally(new IllegalStateException("no"));
        first.assertFailedWith(IllegalStateException.class, "no");
        var second = kept.join("a").subscribe().withSubscriber(UniAssertSubscriber.create());
        calls.open.get(1).complete("two");
        second.assertItem("two");
    }

    /// Calls of random length and outcome from many threads: every request is in exactly one call, which starts
    /// after the request arrives and gives the request its outcome.
    @Test
    void whateverTheTimingEachIsInOneCallThatBeganAfterItCame() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var clock = new AtomicLong();
        var inCalls = new AtomicLong();
        var running = new AtomicInteger();
        try (var timer = Executors.newScheduledThreadPool(3);
                var clients = Executors.newFixedThreadPool(16)) {
            var race = new RequestCoalescer<Integer, Long>(
                    (_, size) -> {
                        long begun = clock.incrementAndGet();
                        inCalls.addAndGet(size);
                        assertTrue(running.incrementAndGet() <= 2, "two calls of one key at once");
                        var answer = new CompletableFuture<Long>();
                        boolean fails = begun % 7 == 0;
                        timer.schedule(
                                () -> {
                                    running.decrementAndGet();
                                    if (fails) answer.completeExceptionally(new IllegalStateException("no"));
                                    else answer.complete(begun);
                                },
                                random.nextInt(400),
                                TimeUnit.MICROSECONDS);
                        return Uni.createFrom().completionStage(answer);
                    },
                    1_000);
            var done = new ArrayList<CompletableFuture<Boolean>>();
            for (int i = 0; i < 20_000; i++) {
                int key = i % 2;
                done.add(CompletableFuture.supplyAsync(
                        () -> {
                            long came = clock.incrementAndGet();
                            try {
                                assertTrue(race.join(key).await().atMost(LIMIT) > came);
                                return true;
                            } catch (IllegalStateException _) {
                                return false;
                            }
                        },
                        clients));
            }
            long answered = 0;
            for (var one : done) if (one.get(60, TimeUnit.SECONDS)) answered++;
            System.out.printf("coalescer seed=%d calls for=%d answered=%d%n", seed, inCalls.get(), answered);
            assertEquals(20_000, inCalls.get());
            assertTrue(answered > 0 && answered < 20_000);
            assertFalse(running.get() > 0);
        }
    }
}
