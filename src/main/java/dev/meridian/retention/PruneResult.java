package dev.meridian.retention;

import java.time.Instant;

/// What was pruned of one kind.
///
/// @param before only what is older than this time
/// @param seen how many items were looked at
/// @param pruned how many were deleted; in a dry run, how many would be
public record PruneResult(Prunable.Kind kind, Instant before, long seen, long pruned) {
    PruneResult plus(PrunedPage page) {
        return new PruneResult(kind, before, seen + page.seen(), pruned + page.pruned());
    }
}
