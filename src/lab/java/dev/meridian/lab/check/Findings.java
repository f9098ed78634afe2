package dev.meridian.lab.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The result of one comparison.
final class Findings {
    private static final int SHOWN = 12;

    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final Map<Violation, List<String>> violations = new EnumMap<>(Violation.class);

    void count(String what, long number) {
        counts.merge(what, number, Long::sum);
    }

    void violation(Violation kind, String what) {
        violations.computeIfAbsent(kind, _ -> new ArrayList<>()).add(what);
    }

    /// Adds a violation unless it holds.
    void require(boolean holds, Violation kind, String otherwise) {
        if (!holds) violation(kind, otherwise);
    }

    boolean isClean() {
        return violations.isEmpty();
    }

    Map<String, Long> counts() {
        return counts;
    }

    /// The first violations of each kind, and the number of the others.
    List<String> lines() {
        var lines = new ArrayList<String>();
        violations.forEach((kind, found) -> {
            found.stream().limit(SHOWN).forEach(what -> lines.add(kind + ": " + what));
            if (found.size() > SHOWN) lines.add(kind + ": and " + (found.size() - SHOWN) + " more");
        });
        return lines;
    }
}
