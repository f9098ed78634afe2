package dev.meridian.order;

import dev.meridian.shared.ProblemCode;
import dev.meridian.shared.ProblemException;

/// Failures of this feature that a client can act on.
final class OrderProblem {
    static final ProblemCode UNKNOWN_ORDER = new ProblemCode("UNKNOWN_ORDER", 404, "There is no such order");
    static final ProblemCode UNKNOWN_PRODUCT = new ProblemCode("UNKNOWN_PRODUCT", 404, "There is no such product");
    static final ProblemCode OUT_OF_STOCK = new ProblemCode("OUT_OF_STOCK", 409, "There is not enough in stock");
    static final ProblemCode TOO_MANY_UNITS =
            new ProblemCode("TOO_MANY_UNITS", 409, "A guest may not have so many units of one product");
    static final ProblemCode ORDER_NOT_CANCELLABLE =
            new ProblemCode("ORDER_NOT_CANCELLABLE", 409, "The order cannot be cancelled");
    static final ProblemCode ORDER_ID_TAKEN = new ProblemCode("ORDER_ID_TAKEN", 409, "The order id is taken");

    private OrderProblem() {}

    static ProblemException unknown(String id) {
        return new ProblemException(UNKNOWN_ORDER, "No order " + id + ".");
    }

    static ProblemException unknownUnit(String orderId, String productId) {
        return new ProblemException(UNKNOWN_ORDER, "No order " + orderId + " for product " + productId + ".");
    }
}
