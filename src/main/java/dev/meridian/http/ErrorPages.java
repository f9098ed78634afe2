package dev.meridian.http;

import dev.meridian.shared.Problem;

/// Draws problems as pages. Here, below the pages themselves, so that the one place that answers failures can ask for
/// them.
public interface ErrorPages {
    /// The page for a problem, complete.
    ///
    /// @param problem what went wrong
    /// @param retry where a visitor may try again, path and query as the browser sent them; null when unknown
    String page(Problem problem, String retry);
}
