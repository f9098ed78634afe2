package dev.meridian.catalog;

import dev.meridian.shared.ProblemCode;

/// Failures of this feature that a client can act on.
final class CatalogProblem {
    static final ProblemCode UNKNOWN_PRODUCT = new ProblemCode("UNKNOWN_PRODUCT", 404, "There is no such product");
    static final ProblemCode STOCK_OUT_OF_BOUNDS =
            new ProblemCode("STOCK_OUT_OF_BOUNDS", 409, "The stock cannot become that much or that little");

    private CatalogProblem() {}
}
