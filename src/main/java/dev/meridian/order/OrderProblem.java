package dev.meridian.order;

import dev.meridian.shared.ProblemCode;

enum OrderProblem implements ProblemCode {
    UNKNOWN_ORDER(404, "There is no such order"),
    UNKNOWN_PRODUCT(404, "There is no such product"),
    OUT_OF_STOCK(409, "There is not enough in stock"),
    ORDER_NOT_CANCELLABLE(409, "The order cannot be cancelled");

    private final int status;
    private final String title;

    OrderProblem(int status, String title) {
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
