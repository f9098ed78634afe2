package dev.meridian.delivery;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;

/// Last, since its service is not that of the others.
@Order(Integer.MAX_VALUE)
@Tag("executable")
@QuarkusIntegrationTest
class TracingIT extends TracingTest {}
