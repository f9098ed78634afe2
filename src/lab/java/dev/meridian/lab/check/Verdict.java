package dev.meridian.lab.check;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What the checker found.
///
/// @param counts what was compared and how many of each, in the order of the checks
/// @param violations what was promised and does not hold, each a line that begins with its [Violation]; empty
///     when all holds
/// @param convergedAfter from the end of the healing until both Regions were equal and no order was open
public record Verdict(boolean holds, Map<String, Long> counts, List<String> violations, Duration convergedAfter) {}
