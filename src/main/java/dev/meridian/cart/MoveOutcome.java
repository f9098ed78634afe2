package dev.meridian.cart;

/// The outcome of moving a line to another cart.
sealed interface MoveOutcome {
    /// The line is moved.
    record Done() implements MoveOutcome {}

    /// The line is gone.
    record Gone() implements MoveOutcome {}

    /// Another write came first.
    ///
    /// @param line the line now, to try again with
    record Changed(CartItem line) implements MoveOutcome {}

    /// The other cart would have too many units of the product.
    record TooMany() implements MoveOutcome {}
}
