package dev.meridian.mysfit;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Tag;

@Tag("executable")
@QuarkusIntegrationTest
class MysfitKeysIT extends MysfitKeysTest {}
