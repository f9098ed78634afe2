package dev.meridian.cart;

import dev.meridian.shared.ProblemCode;

enum CartProblem implements ProblemCode {
    UNKNOWN_PRODUCT(404, "There is no such product"),
    NOT_IN_CART(404, "The product is not in the cart"),
    QUANTITY_TOO_LARGE(409, "The line would have too many units");

    private final int status;
    private final String title;

    CartProblem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
