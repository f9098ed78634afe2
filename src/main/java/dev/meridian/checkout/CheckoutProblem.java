package dev.meridian.checkout;

import dev.meridian.shared.ProblemCode;
import dev.meridian.shared.ProblemException;
import java.util.Map;

/// Failures of this feature that a client can act on.
final class CheckoutProblem {
    static final ProblemCode NO_CHECKOUT = new ProblemCode("NO_CHECKOUT", 404, "There is no checkout");
    static final ProblemCode INCOMPLETE_CHECKOUT =
            new ProblemCode("INCOMPLETE_CHECKOUT", 409, "The checkout lacks something that an order needs");
    static final ProblemCode PRICE_CHANGED =
            new ProblemCode("PRICE_CHANGED", 409, "The total is another one than was agreed to");
    static final ProblemCode CHECKOUT_CHANGED =
            new ProblemCode("CHECKOUT_CHANGED", 409, "The checkout is another one than was agreed to");

    private CheckoutProblem() {}

    /// @param now the checkout to agree to, which the problem has as its member `checkout`
    static ProblemException priceChanged(CheckoutView now) {
        return new ProblemException(
                PRICE_CHANGED,
                "The total is " + now.total().toMajor().toPlainString() + " now. Nothing was ordered.",
                Map.of("checkout", now));
    }

    /// @param here the checkout that this Region has, which the problem has as its member `checkout`
    static ProblemException checkoutChanged(CheckoutView here) {
        return new ProblemException(
                CHECKOUT_CHANGED,
                "This Region has another checkout of the customer: a newer one, or one that the other has not "
                        + "replaced here yet. Nothing was ordered.",
                Map.of("checkout", here));
    }
}
