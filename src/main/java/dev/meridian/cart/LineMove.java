package dev.meridian.cart;

import dev.meridian.shared.Ids;
import java.util.LinkedHashMap;

/// The move of all units of a line to the line of the same product in another cart.
///
/// A unit has the same key in the other cart whoever moves it, so moves of the same units in two Regions are
/// one; and the source gives up only the units that are moved.
///
/// @param source the line that gives, afterwards
/// @param target the line that receives, afterwards
/// @param fits whether the target stays within its bound; if not, both are as they were
record LineMove(LineState source, LineState target, boolean fits) {
    /// @param name of the source: its cart and product
    /// @param now the clock, in microseconds since 1970
    /// @param max the largest quantity of a line
    static LineMove of(LineState source, LineState target, String name, long now, int max) {
        var units = source.units(max);
        var fresh = new LinkedHashMap<String, Integer>();
        units.forEach((unit, count) -> {
            var key = Ids.deriveShort("cart-in", name, unit);
            if (target.find(key).isEmpty()) fresh.put(key, count);
        });
        int had = target.quantity(max);
        if (LineState.sum(fresh.values()) > max - had) return new LineMove(source, target, false);
        var left = source;
        for (var unit : units.entrySet()) {
            left = left.take(unit.getValue(), Ids.deriveShort("cart-out", unit.getKey()), unit.getKey(), now);
        }
        var more = target;
        for (var unit : fresh.entrySet()) more = more.add(unit.getValue(), unit.getKey(), now);
        if (had == 0 && !fresh.isEmpty()) more = more.at(source.price().minor());
        return new LineMove(left, more, true);
    }
}
