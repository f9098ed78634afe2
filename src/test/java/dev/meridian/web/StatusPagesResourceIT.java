package dev.meridian.web;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class StatusPagesResourceIT extends StatusPagesResourceTest {}
