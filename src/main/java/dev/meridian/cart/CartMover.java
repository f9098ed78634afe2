package dev.meridian.cart;

import dev.meridian.shared.LineLimits;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Moves the lines of one cart to another, each in one transaction ([LineMove]).
@ApplicationScoped
class CartMover {
    private final CartRepository carts;
    private final CartMergeRepository moves;
    private final CartEditor editor;
    private final CartConfig config;
    private final LineLimits limits;

    CartMover(
            CartRepository carts, CartMergeRepository moves, CartEditor editor, CartConfig config, LineLimits limits) {
        this.carts = carts;
        this.moves = moves;
        this.editor = editor;
        this.config = config;
        this.limits = limits;
    }

    /// Two carts as they were read.
    private record Pair(String from, Cart source, String to, Cart target, CartWriter writer) {}

    /// What became of a merge.
    ///
    /// @param moved how many lines were moved
    /// @param left the products whose lines do not fit into the other cart, and stay
    record Outcome(int moved, List<String> left) {}

    /// Moves all lines of a cart.
    Uni<Outcome> move(String to, String from) {
        return Uni.createFrom().deferred(() -> {
            var writer = carts.writer();
            return Uni.combine()
                    .all()
                    .unis(carts.read(from, writer), carts.read(to, writer))
                    .asTuple()
                    .chain(both -> all(new Pair(from, both.getItem1(), to, both.getItem2(), writer)));
        });
    }

    private Uni<Outcome> all(Pair carts) {
        var left = new ArrayList<String>();
        var moved = new ArrayList<String>();
        int room = limits.linesMax() - carts.target.items(limits.quantityMax()).size();
        for (var item : carts.source.items(limits.quantityMax())) {
            boolean isNew =
                    carts.target.item(item.itemId(), limits.quantityMax()).isEmpty();
            if (isNew && room <= 0) {
                left.add(item.itemId());
            } else {
                if (isNew) room--;
                moved.add(item.itemId());
            }
        }
        return Multi.createFrom()
                .iterable(moved)
                .onItem()
                .transformToUni(productId -> line(carts, productId, 1))
                .merge(config.writesAtOnce())
                .collect()
                .asList()
                .map(outcomes -> {
                    outcomes.forEach(stays -> stays.ifPresent(left::add));
                    int count =
                            (int) outcomes.stream().filter(Optional::isEmpty).count();
                    return new Outcome(count, left);
                });
    }

    /// @return the product if its line stays
    private Uni<Optional<String>> line(Pair carts, String productId, int attempt) {
        var before = carts.source.line(productId);
        var target = carts.target.line(productId);
        var name = carts.from + "/" + productId;
        var move = LineMove.of(before, target, name, CartEditor.now(), limits.quantityMax());
        if (!move.fits()) return Uni.createFrom().item(Optional.of(productId));
        if (move.source() == before) return Uni.createFrom().item(Optional.empty());
        if (attempt > config.attemptsMax()) return Uni.createFrom().failure(CartRepository.busy());
        var writes = List.of(
                editor.write(carts.to, productId, carts.target, move.target(), carts.writer),
                editor.write(carts.from, productId, carts.source, move.source(), carts.writer));
        return moves.write(carts.writer, writes)
                .chain(conflicts -> conflicts.stream().allMatch(Optional::isEmpty)
                        ? Uni.createFrom().item(Optional.empty())
                        : line(reread(carts, productId, conflicts), productId, attempt + 1));
    }

    private static Pair reread(Pair carts, String productId, List<Optional<LinePart>> conflicts) {
        var target = conflicts
                .getFirst()
                .map(part -> carts.target.with(productId, part))
                .orElse(carts.target);
        var source = conflicts
                .getLast()
                .map(part -> carts.source.with(productId, part))
                .orElse(carts.source);
        return new Pair(carts.from, source, carts.to, target, carts.writer);
    }
}
