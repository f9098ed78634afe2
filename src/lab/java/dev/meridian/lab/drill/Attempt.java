package dev.meridian.lab.drill;

/// One request of a drill and how it ended.
///
/// @param sentAt milliseconds since the drill's clients began
/// @param took milliseconds until the answer, or until it was given up
/// @param status of the answer; 0 when there was none
/// @param region that answered; empty when none did
/// @param orderId of an order that was taken; empty otherwise
public record Attempt(Kind kind, long sentAt, double took, int status, String region, String orderId) {
    /// What is asked for.
    public enum Kind {
        ORDER,
        /// A product, which comes from the SQL reader.
        CATALOG_READ,
        /// A cart, which comes from DynamoDB.
        CART_READ
    }

    double endedAt() {
        return sentAt + took;
    }

    /// Whether it got any answer.
    public boolean isAnswered() {
        return status >= 200 && status < 300;
    }

    boolean isConfirmed() {
        return kind == Kind.ORDER && status == 200;
    }
}
