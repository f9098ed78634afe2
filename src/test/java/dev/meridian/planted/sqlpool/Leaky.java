package dev.meridian.planted.sqlpool;

import dev.meridian.shared.Money;

/// Breaks the rules of the pools: public without being a face, and dependent on other packages.
public class Leaky {
    Money price() {
        return new Money(3);
    }
}
