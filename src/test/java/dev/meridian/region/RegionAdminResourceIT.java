package dev.meridian.region;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class RegionAdminResourceIT extends RegionAdminResourceTest {}
