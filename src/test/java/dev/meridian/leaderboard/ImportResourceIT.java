package dev.meridian.leaderboard;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class ImportResourceIT extends ImportResourceTest {}
