package dev.meridian.cart;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class CartResourceIT extends CartResourceTest {}
