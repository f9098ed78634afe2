package dev.meridian.http;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class CorsResourceIT extends CorsResourceTest {}
