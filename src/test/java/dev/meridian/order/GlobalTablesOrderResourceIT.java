package dev.meridian.order;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class GlobalTablesOrderResourceIT extends GlobalTablesOrderResourceTest {}
