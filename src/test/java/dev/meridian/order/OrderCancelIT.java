package dev.meridian.order;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Tag;

@Tag("executable")
@QuarkusIntegrationTest
class OrderCancelIT extends OrderCancelTest {}
