package dev.meridian.retention;

import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Optional;

/// Something that grows without end. Deleting is conditional on each item being as old as it was found, so several
/// processes and Regions may do it at once.
public interface Prunable {
    /// What it is.
    Kind kind();

    /// Deletes what is older than a time, page by page.
    ///
    /// @param before at least a day ago
    /// @param after where the page before ended
    /// @param limit how many items to look at, at most
    /// @param isDryRun whether to count only
    /// @throws ProblemException 503 when a store does not answer; the call may be repeated
    Uni<PrunedPage> prune(Instant before, Optional<String> after, int limit, boolean isDryRun);

    /// What is pruned. Each has a setting for how long it is kept.
    enum Kind {
        /// Closed entries of `order-journal` whose order SQL has in the same state.
        JOURNAL,
        /// Keys of restocks, in `stock_changes`.
        STOCK_CHANGES,
        /// Keys of imports, in `scores`.
        IMPORTS,
        /// Closed tickets and their changes.
        TICKETS
    }
}
