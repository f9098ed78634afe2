package dev.meridian.customer;

import dev.meridian.shared.ProblemCode;

enum CustomerProblem implements ProblemCode {
    UNKNOWN_CUSTOMER(404, "There is no such customer");

    private final int status;
    private final String title;

    CustomerProblem(int status, String title) {
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
