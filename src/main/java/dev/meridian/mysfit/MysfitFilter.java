package dev.meridian.mysfit;

import java.util.Arrays;
import java.util.Optional;

/// What the list of mysfits can be filtered by.
public enum MysfitFilter {
    GOOD_EVIL("GoodEvil"),
    LAW_CHAOS("LawChaos");

    private final String attribute;

    MysfitFilter(String attribute) {
        this.attribute = attribute;
    }

    /// The name in the API, which is also that of the attribute.
    public String attribute() {
        return attribute;
    }

    /// The filter with this name; case-sensitive.
    public static Optional<MysfitFilter> of(String name) {
        return Arrays.stream(values()).filter(f -> f.attribute.equals(name)).findFirst();
    }
}
