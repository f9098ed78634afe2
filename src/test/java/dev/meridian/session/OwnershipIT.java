package dev.meridian.session;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Tag;

@Tag("executable")
@QuarkusIntegrationTest
class OwnershipIT extends OwnershipTest {}
