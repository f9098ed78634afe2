package dev.meridian.planted.sqlpool;

import dev.meridian.shared.Money;

/// Breaks the rules of the pools: public without being a face, and not standing alone.
public class Leaky {
    Money price() {
        return new Money(3);
    }
}
