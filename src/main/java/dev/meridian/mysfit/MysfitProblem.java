package dev.meridian.mysfit;

import dev.meridian.shared.ProblemCode;

enum MysfitProblem implements ProblemCode {
    UNKNOWN_MYSFIT(404, "There is no such mysfit"),
    ALREADY_ADOPTED(409, "The mysfit was adopted before");

    private final int status;
    private final String title;

    MysfitProblem(int status, String title) {
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
