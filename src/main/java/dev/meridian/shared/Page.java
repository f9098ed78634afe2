package dev.meridian.shared;

import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;

/// One page of a list that goes on.
///
/// @param items the items of this page
/// @param next the cursor of the next page, empty on the last one
public record Page<T>(List<T> items, Optional<String> next) {
    public Page {
        items = List.copyOf(items);
    }

    /// The `Link` header for the next page (RFC 8288): the same request with another cursor.
    ///
    /// @return a relative reference, so that it is right behind any load balancer
    public Optional<String> link(UriInfo uri) {
        return next.map(cursor -> "<"
                + uri.getRequestUriBuilder()
                        .scheme(null)
                        .host(null)
                        .port(-1)
                        .replaceQueryParam("cursor", cursor)
                        .build()
                + ">; rel=\"next\"");
    }
}
