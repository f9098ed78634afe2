package dev.meridian.planted2;

import dev.meridian.planted.EverythingWrongManager;

/// The other half of the cycle.
public class Partner {
    EverythingWrongManager manager;
}
