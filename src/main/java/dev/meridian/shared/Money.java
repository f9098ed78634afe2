package dev.meridian.shared;

import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;

/// An amount of the store's one currency, never negative and never a floating point number.
///
/// In JSON it is a number in the major unit, an integer when it is whole: `225` or `19.5`.
///
/// @param minor the amount in minor units (cents), 0 to 10^15
public record Money(long minor) {
    /// The largest amount in minor units.
    public static final long MINOR_MAX = 1_000_000_000_000_000L;

    private static final int SCALE = 2;

    public Money {
        if (minor < 0 || minor > MINOR_MAX) {
            throw new IllegalArgumentException("An amount is 0 to " + MINOR_MAX + " minor units");
        }
    }

    /// Nothing.
    public static final Money ZERO = new Money(0);

    /// From a number in the major unit, as in JSON.
    ///
    /// @throws IllegalArgumentException when it is negative, too large or has more than two decimals
    public static Money ofMajor(BigDecimal major) {
        try {
            return new Money(major.movePointRight(SCALE).longValueExact());
        } catch (ArithmeticException _) {
            throw new IllegalArgumentException("An amount has at most two decimals");
        }
    }

    /// In the major unit, without needless zeros.
    @JsonValue
    public BigDecimal toMajor() {
        var major = BigDecimal.valueOf(minor, SCALE).stripTrailingZeros();
        return major.scale() < 0 ? major.setScale(0) : major;
    }

    /// @throws IllegalArgumentException when the sum is too large
    public Money plus(Money other) {
        return new Money(minor + other.minor);
    }

    /// @param quantity 0 to 1,000,000
    /// @throws IllegalArgumentException when the product is too large
    public Money times(int quantity) {
        return new Money(Math.multiplyExact(minor, (long) quantity));
    }
}
