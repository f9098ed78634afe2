package dev.meridian.catalog;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class CatalogAdminIT extends CatalogAdminTest {}
