package dev.meridian.catalog;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class CatalogConcurrencyIT extends CatalogConcurrencyTest {}
