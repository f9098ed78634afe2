package dev.meridian.cart;

/// What became of an add.
sealed interface AddOutcome {
    /// @param line the line now; also when the key was seen before and nothing was added
    record Done(CartItem line) implements AddOutcome {}

    /// The line would have too many units.
    ///
    /// @param line the line as it is
    record TooMany(CartItem line) implements AddOutcome {}

    /// The key was seen before with another quantity.
    record KeyReused() implements AddOutcome {}
}
