package dev.meridian.cart;

/// What became of the attempt to move a line to another cart.
sealed interface Moved {
    /// It was moved.
    record Done() implements Moved {}

    /// It is not there any more.
    record Gone() implements Moved {}

    /// Another write came first.
    ///
    /// @param line the line to try with now
    record Again(CartItem line) implements Moved {}

    /// The other cart would have too many of it.
    record TooMany() implements Moved {}
}
