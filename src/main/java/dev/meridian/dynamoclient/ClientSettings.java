package dev.meridian.dynamoclient;

import java.net.URI;
import java.time.Duration;

/// What a client calls, and its bounds.
///
/// @param endpoint `https://dynamodb.eu-west-1.amazonaws.com`, without a path
/// @param region for the signature, `eu-west-1`
/// @param connections at most; each event loop has an equal part of them, and at least one
/// @param waiting calls at most that wait for a connection; likewise
/// @param timeout of a call, the wait for a connection included
/// @param connectTimeout of a new connection: each of name, TCP and TLS
/// @param idleTimeout after which a connection without a call is closed
public record ClientSettings(
        URI endpoint,
        String region,
        int connections,
        int waiting,
        Duration timeout,
        Duration connectTimeout,
        Duration idleTimeout) {}
