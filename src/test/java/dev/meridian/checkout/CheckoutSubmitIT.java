package dev.meridian.checkout;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class CheckoutSubmitIT extends CheckoutSubmitTest {}
