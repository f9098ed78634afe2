package dev.meridian.cart;

/// What became of the attempt to move a line to another cart.
sealed interface MoveOutcome {
    /// It was moved.
    record Done() implements MoveOutcome {}

    /// It is not there any more.
    record Gone() implements MoveOutcome {}

    /// Another write came first.
    ///
    /// @param line the line to try with now
    record Changed(CartItem line) implements MoveOutcome {}

    /// The other cart would have too many of it.
    record TooMany() implements MoveOutcome {}
}
