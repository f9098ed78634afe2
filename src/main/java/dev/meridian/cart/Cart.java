package dev.meridian.cart;

import dev.meridian.shared.Money;
import dev.meridian.shared.NewerFormat;
import dev.meridian.shared.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// A cart as one Region has it: for each line the items of all Regions.
///
/// @param parts by product, then by Region; [#ALL] has the clearings of the cart
/// @param newer the products of which a newer version stored something that this one cannot read
record Cart(SortedMap<String, Map<String, LinePart>> parts, Set<String> newer) {
    /// In place of a product: an edit of all lines.
    static final String ALL = "#all";

    /// A line: the join of what each Region knew, and of the last clearing of the cart.
    ///
    /// @throws ProblemException 503 when a newer version stored a part of it
    LineState line(String productId) {
        return line(productId, joined(ALL));
    }

    private LineState line(String productId, LineState all) {
        if (newer.contains(productId) || newer.contains(ALL)) throw NewerFormat.problem();
        return joined(productId).join(all);
    }

    private LineState joined(String productId) {
        return joined(parts.getOrDefault(productId, Map.of()));
    }

    private static LineState joined(Map<String, LinePart> line) {
        var state = LineState.NOTHING;
        for (var part : line.values()) state = state.join(part.state());
        return state;
    }

    /// The lines that this version can read, by product id.
    ///
    /// @param quantityMax the largest quantity of a line
    List<CartItem> items(int quantityMax) {
        if (newer.contains(ALL)) return List.of();
        var all = joined(ALL);
        var items = new ArrayList<CartItem>(parts.size());
        parts.forEach((productId, line) -> {
            if (productId.equals(ALL) || newer.contains(productId)) return;
            item(productId, joined(line).join(all), quantityMax).ifPresent(items::add);
        });
        return items;
    }

    /// One line, if it is there.
    Optional<CartItem> item(String productId, int quantityMax) {
        return item(productId, line(productId), quantityMax);
    }

    private static Optional<CartItem> item(String productId, LineState line, int quantityMax) {
        int quantity = line.quantity(quantityMax);
        return quantity == 0
                ? Optional.empty()
                : Optional.of(
                        new CartItem(productId, quantity, new Money(line.price().minor())));
    }

    /// What this Region has stored of a line.
    LinePart part(String productId, String writer) {
        var own = parts.getOrDefault(productId, Map.of()).get(writer);
        return own == null ? LinePart.none(writer) : own;
    }

    /// The cart with another part of a line.
    Cart with(String productId, LinePart part) {
        var others = new TreeMap<>(parts);
        var line = new TreeMap<>(others.getOrDefault(productId, Map.of()));
        line.put(part.writer(), part);
        others.put(productId, line);
        return new Cart(others, newer);
    }

    /// The time of the latest edit of any line.
    long latest() {
        return parts.keySet().stream()
                .mapToLong(productId -> joined(productId).latest())
                .max()
                .orElse(0);
    }

    /// When the last part of a line ends, for [#ALL] that of all lines: what removes them must not end
    /// before.
    Instant lastEnd(String productId) {
        var all = productId.equals(ALL) ? parts.values() : List.of(parts.getOrDefault(productId, Map.of()));
        return all.stream()
                .flatMap(line -> line.values().stream())
                .map(LinePart::expiresAt)
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    /// The items of the cart, those of removed lines too.
    int size() {
        return parts.values().stream().mapToInt(Map::size).sum();
    }
}
