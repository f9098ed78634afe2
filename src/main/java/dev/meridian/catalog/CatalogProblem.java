package dev.meridian.catalog;

import dev.meridian.shared.ProblemCode;

enum CatalogProblem implements ProblemCode {
    UNKNOWN_PRODUCT(404, "There is no such product"),
    STOCK_OUT_OF_BOUNDS(409, "The stock cannot become that much or that little");

    private final int status;
    private final String title;

    CatalogProblem(int status, String title) {
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
