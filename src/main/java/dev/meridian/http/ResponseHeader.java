package dev.meridian.http;

import java.util.Optional;
import java.util.function.Supplier;

/// A header that another package adds to every response. The package produces a bean of this type, and
/// [ResponseHeaderFilter] sends it.
///
/// @param name the header's name
/// @param isUsed whether there can be a value in this process; an unused header costs nothing
/// @param value read once for each response, when its head is written; empty omits the header
public record ResponseHeader(String name, boolean isUsed, Supplier<Optional<String>> value) {}
