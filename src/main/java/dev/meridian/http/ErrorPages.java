package dev.meridian.http;

import dev.meridian.shared.Problem;

/// Renders problems as pages. Implemented by `web`, which `http` may not call.
public interface ErrorPages {
    /// The page for a problem, complete.
    ///
    /// @param problem what went wrong
    /// @param retry where a visitor may try again, path and query as the browser sent them; null when unknown
    String page(Problem problem, String retry);
}
