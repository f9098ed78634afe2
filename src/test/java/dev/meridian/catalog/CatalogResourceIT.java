package dev.meridian.catalog;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class CatalogResourceIT extends CatalogResourceTest {}
