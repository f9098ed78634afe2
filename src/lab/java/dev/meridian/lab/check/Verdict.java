package dev.meridian.lab.check;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The result of the checker.
///
/// @param counts how many of each kind were compared, in the order of the checks
/// @param violations the broken promises, each a line that begins with its [Violation]; empty when there are
///     none
/// @param convergedAfter from the end of the healing until both Regions are equal and no order is open
public record Verdict(boolean holds, Map<String, Long> counts, List<String> violations, Duration convergedAfter) {}
