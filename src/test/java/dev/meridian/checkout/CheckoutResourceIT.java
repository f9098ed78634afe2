package dev.meridian.checkout;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class CheckoutResourceIT extends CheckoutResourceTest {}
