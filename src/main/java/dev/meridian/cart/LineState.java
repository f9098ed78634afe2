package dev.meridian.cart;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What is known of one line of a cart: a quantity that was set, and the edits after it. The line is what
/// they make in the order of their times ([#units]).
///
/// Two Regions that edit a line at the same time know different edits. [#join] gives what both know: it
/// takes states in any sequence and grouping, also repeatedly, to the same result. So Regions agree once
/// they have each other's items ([ADR 13](../../../../../../docs/adr/0013-carts-over-regions.md)).
///
/// @param base the last set, as an edit whose amount is the quantity; a removal sets 0
/// @param edits the edits after it, in their order
/// @param former edits before it: their keys still count as used
/// @param price the price of one unit at the last edit that had one
record LineState(LineEdit base, List<LineEdit> edits, List<LineEdit> former, Price price) {
    /// A price of one unit.
    ///
    /// @param time as of an edit
    /// @param minor in minor units
    record Price(long time, long minor) {
        static Price later(Price a, Price b) {
            boolean isFirst = a.time == b.time ? a.minor >= b.minor : a.time > b.time;
            return isFirst ? a : b;
        }
    }

    /// A line that nobody ever edited.
    static final LineState NOTHING = new LineState(new LineEdit(0, "", 0, ""), List.of(), List.of(), new Price(0, 0));

    /// Marks a base that stands for edits which are dropped.
    private static final String SUM = "=";

    LineState {
        edits = List.copyOf(edits);
        former = List.copyOf(former);
    }

    /// What both know.
    LineState join(LineState other) {
        if (this == NOTHING) return other;
        if (other == NOTHING) return this;
        return from(
                LineEdit.later(base, other.base),
                Stream.concat(edits.stream(), other.edits.stream()),
                Stream.concat(former.stream(), other.former.stream()),
                Price.later(price, other.price));
    }

    private static LineState from(LineEdit base, Stream<LineEdit> edits, Stream<LineEdit> former, Price price) {
        var after = new TreeSet<LineEdit>();
        var before = new HashMap<String, LineEdit>();
        former.forEach(edit -> before.merge(edit.key(), edit, LineEdit::earlier));
        edits.forEach(edit -> {
            if (edit.compareTo(base) > 0) after.add(edit);
            else before.merge(edit.key(), edit, LineEdit::earlier);
        });
        return new LineState(
                base, List.copyOf(after), before.values().stream().sorted().toList(), price);
    }

    /// The units of the line by the key of the edit that added them, oldest first. An add beyond the bound
    /// adds what fits; units that are not there cannot be taken.
    ///
    /// @param max the largest quantity of a line
    Map<String, Integer> units(int max) {
        var units = new LinkedHashMap<String, Integer>();
        units.put(base.key(), Math.min(max, base.amount()));
        var used = new HashSet<String>();
        former.forEach(edit -> used.add(edit.key()));
        for (var edit : edits) {
            if (!used.add(edit.key())) continue;
            if (edit.amount() < 0) take(units, edit);
            else units.put(edit.key(), Math.min(edit.amount(), max - sum(units.values())));
        }
        units.values().removeIf(count -> count == 0);
        return units;
    }

    private void take(Map<String, Integer> units, LineEdit edit) {
        boolean isInSum = base.key().endsWith(SUM) && !units.containsKey(edit.of());
        var one = isInSum ? base.key() : edit.of();
        int left = -edit.amount();
        for (var from : edit.of().isEmpty() ? List.copyOf(units.keySet()) : List.of(one)) {
            int taken = Math.min(left, units.getOrDefault(from, 0));
            units.computeIfPresent(from, (_, count) -> count - taken);
            left -= taken;
        }
    }

    /// How many units the line has; 0: there is no line.
    int quantity(int max) {
        if (edits.isEmpty()) return Math.min(max, base.amount());
        if (edits.size() == 1 && former.isEmpty() && edits.getFirst().amount() > 0) {
            return Math.min(max, base.amount() + edits.getFirst().amount());
        }
        return sum(units(max).values());
    }

    static int sum(Collection<Integer> counts) {
        return counts.stream().mapToInt(Integer::intValue).sum();
    }

    /// The edit with this key, if it is remembered.
    Optional<LineEdit> find(String key) {
        return Stream.concat(former.stream(), edits.stream())
                .filter(edit -> edit.key().equals(key))
                .findFirst();
    }

    /// The time of the latest edit that is known.
    long latest() {
        return edits.isEmpty()
                ? base.time()
                : Math.max(base.time(), edits.getLast().time());
    }

    private long next(long now) {
        return Math.max(now, latest() + 1);
    }

    /// The line with more units.
    ///
    /// @param now the clock, in microseconds since 1970
    LineState add(int quantity, String key, long now) {
        return with(new LineEdit(next(now), key, quantity, ""));
    }

    /// The line without some units, as far as it has them; the oldest go first.
    LineState take(int quantity, String key, long now) {
        return with(new LineEdit(next(now), key, -quantity, ""));
    }

    /// The line without certain units.
    ///
    /// @param of the key of the edit that added them
    LineState take(int quantity, String key, String of, long now) {
        return with(new LineEdit(next(now), key, -quantity, of));
    }

    private LineState with(LineEdit edit) {
        var more = new ArrayList<>(edits);
        more.add(edit);
        return new LineState(base, more, former, price);
    }

    /// The line with this quantity, whatever it was before.
    LineState set(int quantity, String key, long now) {
        return from(new LineEdit(next(now), key, quantity, ""), edits.stream(), former.stream(), price);
    }

    /// The line at the price of its latest edit.
    LineState at(long priceMinor) {
        return new LineState(base, edits, former, new Price(latest(), priceMinor));
    }

    /// As few edits as a Region stores: the oldest become a base with the quantity that they make, and of the
    /// keys before it the latest are remembered.
    ///
    /// @param kept how many edits, and how many keys, at most
    LineState trimmed(int kept, int max) {
        var state = this;
        int surplus = edits.size() - kept;
        if (surplus > 0) {
            var oldest = edits.subList(0, surplus);
            var last = oldest.getLast();
            int quantity = new LineState(base, oldest, former, price).quantity(max);
            var sum = new LineEdit(last.time(), last.key() + SUM, quantity, "");
            state = from(sum, edits.stream(), former.stream(), price);
        }
        int first = Math.max(0, state.former.size() - kept);
        return new LineState(state.base, state.edits, state.former.subList(first, state.former.size()), state.price);
    }
}
