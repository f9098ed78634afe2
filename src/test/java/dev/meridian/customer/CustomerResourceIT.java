package dev.meridian.customer;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Tag;

@Tag("executable")
@QuarkusIntegrationTest
class CustomerResourceIT extends CustomerResourceTest {}
