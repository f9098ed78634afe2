package dev.meridian.cart;

/// The outcome of an add.
sealed interface AddOutcome {
    /// @param line the line now; a repeated key adds nothing
    record Done(CartItem line) implements AddOutcome {}

    /// The line would have too many units.
    ///
    /// @param line the line as it is
    record TooMany(CartItem line) implements AddOutcome {}

    /// The key was used before with another quantity.
    record KeyReused() implements AddOutcome {}
}
