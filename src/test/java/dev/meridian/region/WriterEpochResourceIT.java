package dev.meridian.region;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Tag;

@Tag("executable")
@QuarkusIntegrationTest
class WriterEpochResourceIT extends WriterEpochResourceTest {}
