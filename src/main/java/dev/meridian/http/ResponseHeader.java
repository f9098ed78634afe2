package dev.meridian.http;

import java.util.Optional;
import java.util.function.Supplier;

/// A header that another package wants on every response. The package produces it as a bean; [ResponseHeaderFilter]
/// sends
/// it.
///
/// @param name the header's name
/// @param isUsed false when there can be no value in this process, so that no request pays for the question
/// @param value asked once for each response, when its head is written; empty leaves the header out
public record ResponseHeader(String name, boolean isUsed, Supplier<Optional<String>> value) {}
