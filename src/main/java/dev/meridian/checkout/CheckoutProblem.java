package dev.meridian.checkout;

import dev.meridian.shared.ProblemCode;

enum CheckoutProblem implements ProblemCode {
    NO_CHECKOUT(404, "There is no checkout"),
    INCOMPLETE_CHECKOUT(409, "The checkout lacks something that an order needs");

    private final int status;
    private final String title;

    CheckoutProblem(int status, String title) {
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
