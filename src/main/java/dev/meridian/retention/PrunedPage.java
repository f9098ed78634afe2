package dev.meridian.retention;

import java.util.Optional;

/// What became of a page.
///
/// @param seen how many items it had
/// @param pruned how many were deleted; in a dry run, how many would be
/// @param next where the next page begins, if there may be one
public record PrunedPage(int seen, int pruned, Optional<String> next) {}
