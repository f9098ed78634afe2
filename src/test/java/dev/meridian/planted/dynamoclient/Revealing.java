package dev.meridian.planted.dynamoclient;

import dev.meridian.shared.Money;

/// Breaks the rules of the client of DynamoDB: public without being a face, and dependent on other packages.
public class Revealing {
    Money price() {
        return new Money(3);
    }
}
