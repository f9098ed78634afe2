package dev.meridian.cart;

import dev.meridian.shared.ProblemCode;

/// Failures of this feature that a client can act on.
final class CartProblem {
    static final ProblemCode UNKNOWN_PRODUCT = new ProblemCode("UNKNOWN_PRODUCT", 404, "There is no such product");
    static final ProblemCode NOT_IN_CART = new ProblemCode("NOT_IN_CART", 404, "The product is not in the cart");
    static final ProblemCode QUANTITY_TOO_LARGE =
            new ProblemCode("QUANTITY_TOO_LARGE", 409, "The line would have too many units");

    static final ProblemCode CART_FULL = new ProblemCode("CART_FULL", 409, "The cart has too many lines");

    private CartProblem() {}
}
