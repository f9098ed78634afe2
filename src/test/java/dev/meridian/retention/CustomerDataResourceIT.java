package dev.meridian.retention;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Tag;

@Tag("executable")
@QuarkusIntegrationTest
class CustomerDataResourceIT extends CustomerDataResourceTest {}
