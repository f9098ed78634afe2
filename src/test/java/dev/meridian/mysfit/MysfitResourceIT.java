package dev.meridian.mysfit;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class MysfitResourceIT extends MysfitResourceTest {}
