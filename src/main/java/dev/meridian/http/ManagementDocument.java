package dev.meridian.http;

import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;

/// A JSON document that another package adds to the management port, which no public load balancer reaches. The
/// package produces a bean of this type, and [ManagementDocuments] serves it.
///
/// @param path the whole path, under `/q`
/// @param body makes the document, for each request
public record ManagementDocument(String path, Supplier<Uni<?>> body) {}
