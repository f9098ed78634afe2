package dev.meridian.cart;

import dev.meridian.shared.Ids;
import java.util.Comparator;

/// One edit of a line, the same wherever it is stored. Edits run in the order of their times, then of their
/// keys.
///
/// @param time microseconds since 1970; greater than the time of every edit that its Region had when it was
///     made
/// @param key its name. Of two edits with one key the earlier counts, whichever Regions made them
/// @param amount units added or, below 0, taken
/// @param of which units are taken: the key of the edit that added them; empty: the oldest
record LineEdit(long time, String key, int amount, String of) implements Comparable<LineEdit> {
    /// Of the 26 characters of a ULID the last 13 are random.
    private static final int RANDOM_FROM = 13;

    private static final Comparator<LineEdit> ORDER = Comparator.comparingLong(LineEdit::time)
            .thenComparing(LineEdit::key)
            .thenComparingInt(LineEdit::amount)
            .thenComparing(LineEdit::of);

    /// A new key.
    static String newKey() {
        return Ids.ulid().substring(RANDOM_FROM);
    }

    @Override
    public int compareTo(LineEdit other) {
        return ORDER.compare(this, other);
    }

    /// The earlier of two.
    static LineEdit earlier(LineEdit a, LineEdit b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    /// The later of two.
    static LineEdit later(LineEdit a, LineEdit b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
