package dev.meridian.catalog;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Tag;

@Tag("executable")
@QuarkusIntegrationTest
class ProductConditionsIT extends ProductConditionsTest {}
