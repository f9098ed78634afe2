package dev.meridian.cart;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class CartConcurrencyIT extends CartConcurrencyTest {}
