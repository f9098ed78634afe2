package dev.meridian.scoreimport;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Tag;

@Tag("executable")
@QuarkusIntegrationTest
class ImportResourceIT extends ImportResourceTest {}
