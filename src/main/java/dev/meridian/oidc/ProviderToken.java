package dev.meridian.oidc;

import java.util.Set;

/// What a token of the provider says, which has been verified.
///
/// @param subject who it is about; empty when it does not say
/// @param client the client that it was given to; empty when it does not say
/// @param isMachine whether the client itself is who calls, not a person who uses it
/// @param scopes of ours, without their prefix
/// @param groups of the person
public record ProviderToken(String subject, String client, boolean isMachine, Set<String> scopes, Set<String> groups) {}
