package dev.meridian.session;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.oidc.TestProvider;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Two processes, each with what it knows of the one table, as those of two Regions that replicate it.
@QuarkusTest
@ComponentTest
@WithTestResource(TestProvider.class)
@Tag("dynamodb")
class EndedSessionsTest {
    @Inject
    EndedSessionRepository table;

    @Inject
    SessionConfig config;

    @Inject
    IdentityConfig identity;

    @Inject
    Vertx vertx;

    private EndedSessions process() {
        return new EndedSessions(table, config, identity, vertx);
    }

    private static String anId() {
        return UUID.randomUUID().toString().replace("-", "").substring(0, 22);
    }

    private void write(String id, Instant at, Instant until) {
        table.write(id, at, until).await().atMost(Duration.ofSeconds(20));
    }

    @Test
    void aSessionThatWasEndedHereEndsThereWithinSeconds() {
        var here = process();
        var there = process();
        var id = anId();
        var early = anId();
        var over = anId();
        var now = Instant.now();
        write(early, now.minus(Duration.ofHours(11)), now.plus(Duration.ofHours(1)));
        write(over, now.minus(Duration.ofHours(11)), now.minusSeconds(1));
        there.onStart(null);
        try {
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> there.contains(early));
            assertFalse(there.contains(over), "is not kept in mind");
            assertFalse(there.contains(id));
            here.end(id, now.plus(Duration.ofHours(12))).await().atMost(Duration.ofSeconds(20));
            assertTrue(here.contains(id), "at once");
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> there.contains(id));
            assertTrue(there.contains(early));
        } finally {
            there.onStop(null);
        }
    }
}
