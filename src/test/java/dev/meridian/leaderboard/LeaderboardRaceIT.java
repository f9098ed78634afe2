package dev.meridian.leaderboard;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Tag;

@Tag("executable")
@QuarkusIntegrationTest
class LeaderboardRaceIT extends LeaderboardRaceTest {}
