package dev.meridian.limits;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;

/// Runs last, since it needs a service with another configuration.
@Order(Integer.MAX_VALUE)
@Tag("executable")
@QuarkusIntegrationTest
class LoadSheddingIT extends LoadSheddingTest {}
