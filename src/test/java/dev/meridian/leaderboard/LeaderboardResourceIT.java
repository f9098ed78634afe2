package dev.meridian.leaderboard;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class LeaderboardResourceIT extends LeaderboardResourceTest {}
