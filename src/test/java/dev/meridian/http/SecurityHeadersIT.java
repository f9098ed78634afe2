package dev.meridian.http;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class SecurityHeadersIT extends SecurityHeadersTest {}
