package dev.meridian.region;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class RegionResourceIT extends RegionResourceTest {}
