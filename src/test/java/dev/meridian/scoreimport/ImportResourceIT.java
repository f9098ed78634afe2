package dev.meridian.scoreimport;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class ImportResourceIT extends ImportResourceTest {}
