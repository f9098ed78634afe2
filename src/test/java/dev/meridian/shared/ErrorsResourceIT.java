package dev.meridian.shared;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class ErrorsResourceIT extends ErrorsResourceTest {}
