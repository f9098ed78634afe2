package dev.meridian.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.shared.ProblemException;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WarningsTest {
    private static final Duration INTERVAL = Duration.ofMillis(300);
    private static final Pattern MORE = Pattern.compile("\\((\\d+) more within");

    private final Vertx vertx = Vertx.vertx();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Warnings warnings = new Warnings(vertx, INTERVAL, log::add);

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static ProblemException away(String store, Exception cause) {
        return ProblemException.unavailable(store + " does not answer.", cause);
    }

    private int repeated() {
        return log.stream()
                .flatMap(line -> MORE.matcher(line).results())
                .mapToInt(found -> Integer.parseInt(found.group(1)))
                .sum();
    }

    @Test
    void theFirstOfAKindIsLoggedAtOnceAndTheOthersAreCounted() {
        for (int i = 0; i < 40; i++) warnings.add(away("DynamoDB", new ConnectException("refused " + i)));
        assertEquals(
                List.of("STORE_UNAVAILABLE: DynamoDB does not answer. (java.net.ConnectException: refused 0)"), log);
        await().atMost(Duration.ofSeconds(5)).until(() -> log.size() == 2);
        assertTrue(
                log.getLast().startsWith("STORE_UNAVAILABLE: DynamoDB does not answer. (39 more within"),
                log::toString);
    }

    @Test
    void anotherStoreOrCauseIsAnotherKind() {
        warnings.add(away("DynamoDB", new ConnectException("refused")));
        warnings.add(away("DynamoDB", new IOException("reset")));
        warnings.add(away("PostgreSQL", new IOException("reset")));
        warnings.add(away("PostgreSQL", null));
        assertEquals(4, log.size(), log::toString);
    }

    @Test
    void afterASilentIntervalTheNextIsAFirstOneAgain() {
        warnings.add(away("DynamoDB", null));
        await().atMost(Duration.ofSeconds(5)).until(() -> {
            warnings.add(away("DynamoDB", null));
            return repeated() > 0;
        });
        // The line with the number begins an interval; nothing is added in the next one.
        await().pollDelay(INTERVAL.multipliedBy(4)).until(() -> true);
        int before = log.size();
        warnings.add(away("DynamoDB", null));
        assertEquals(before + 1, log.size());
        assertEquals("STORE_UNAVAILABLE: DynamoDB does not answer.", log.getLast());
    }

    @Test
    void eachIsLoggedOrCountedOnce() throws Exception {
        int threads = 8;
        int each = 5000;
        try (var pool = Executors.newFixedThreadPool(threads)) {
            for (int i = 0; i < threads; i++) {
                pool.submit(() -> {
                    for (int n = 0; n < each; n++) warnings.add(away("DynamoDB", null));
                });
            }
        }
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            long first =
                    log.stream().filter(line -> !line.contains("more within")).count();
            assertEquals(threads * each, first + repeated(), log::toString);
        });
    }
}
