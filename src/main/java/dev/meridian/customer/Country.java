package dev.meridian.customer;

/// A country to choose from.
///
/// @param code ISO 3166-1 alpha-2, in upper case
/// @param name its English name
public record Country(String code, String name) {}
