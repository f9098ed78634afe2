package dev.meridian.recovery;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class RecoveryResourceIT extends RecoveryResourceTest {}
