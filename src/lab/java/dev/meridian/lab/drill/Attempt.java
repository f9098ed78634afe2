package dev.meridian.lab.drill;

/// One request of a drill and how it ended.
///
/// @param sentAt milliseconds since the drill's clients began
/// @param took milliseconds until the response or the timeout
/// @param status of the response; 0 when there was none
/// @param region that responded; empty when none did
/// @param orderId of an accepted order; empty otherwise
public record Attempt(Kind kind, long sentAt, double took, int status, String region, String orderId) {
    /// The kind of request.
    public enum Kind {
        ORDER,
        /// Reads a product, from the SQL reader.
        CATALOG_READ,
        /// Reads a cart, from DynamoDB.
        CART_READ
    }

    double endedAt() {
        return sentAt + took;
    }

    /// Whether it got any response.
    public boolean isAnswered() {
        return status >= 200 && status < 300;
    }

    boolean isConfirmed() {
        return kind == Kind.ORDER && status == 200;
    }
}
