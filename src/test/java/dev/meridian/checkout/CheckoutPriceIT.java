package dev.meridian.checkout;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Tag;

@Tag("executable")
@QuarkusIntegrationTest
class CheckoutPriceIT extends CheckoutPriceTest {}
