package dev.meridian.recovery;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Tag;

@Tag("executable")
@QuarkusIntegrationTest
class RecoveryResourceIT extends RecoveryResourceTest {}
