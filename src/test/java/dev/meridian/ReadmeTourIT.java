package dev.meridian;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class ReadmeTourIT extends ReadmeTourTest {}
