package dev.meridian.mysfit;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class LikeConcurrencyIT extends LikeConcurrencyTest {}
