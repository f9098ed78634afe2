package dev.meridian.oidc;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Tag;

@Tag("executable")
@QuarkusIntegrationTest
class BearersIT extends BearersTest {}
