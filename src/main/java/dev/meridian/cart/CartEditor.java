package dev.meridian.cart;

import dev.meridian.async.Turns;
import dev.meridian.session.Sessions;
import dev.meridian.shared.Ids;
import dev.meridian.shared.LineLimits;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/// Edits carts: reads a cart, changes a line, and stores what this Region now knows of it, if its item is
/// still as it was read; else it tries again with the item as it is.
///
/// Edits of one cart in this process run one after the other, so they seldom conflict.
@ApplicationScoped
class CartEditor {
    /// What an edit does to a line.
    @FunctionalInterface
    interface Change {
        /// @param cart as it was read
        /// @param line the line in it
        /// @param now the clock, in microseconds since 1970
        /// @return the line afterwards; the same object when there is nothing to write
        LineState apply(Cart cart, LineState line, long now);
    }

    /// Longer than replication between Regions ever takes.
    private static final Duration LAG_MAX = Duration.ofDays(7);

    private final CartRepository carts;
    private final CartConfig config;
    private final LineLimits limits;
    private final Turns<String> turns;

    CartEditor(CartRepository carts, CartConfig config, LineLimits limits) {
        this.carts = carts;
        this.config = config;
        this.limits = limits;
        this.turns = new Turns<>(config.waitingMax());
    }

    /// Reads a cart, strongly consistent in this Region.
    Uni<Cart> read(String customerId) {
        return Uni.createFrom().deferred(() -> carts.read(customerId, carts.writer()));
    }

    /// Edits one line, or all with [Cart#ALL].
    ///
    /// @param operation for metrics
    /// @param change may be applied several times; what it throws ends the edit
    /// @return the line afterwards
    Uni<LineState> edit(String operation, String customerId, String productId, Change change) {
        return turns.run(customerId, Uni.createFrom().deferred(() -> {
            var writer = carts.writer();
            return carts.read(customerId, writer)
                    .chain(cart -> new Run(operation, customerId, writer, cart).line(productId, change, 1));
        }));
    }

    /// Takes units out of several lines.
    ///
    /// @param units how many of each product
    /// @param key with this key they are taken once
    Uni<Void> take(String customerId, Map<String, Integer> units, String key) {
        return turns.run(customerId, Uni.createFrom().deferred(() -> {
            var writer = carts.writer();
            return carts.read(customerId, writer)
                    .chain(cart -> Multi.createFrom()
                            .iterable(units.entrySet())
                            .onItem()
                            .transformToUni(line -> new Run("cart-take", customerId, writer, cart)
                                    .line(
                                            line.getKey(),
                                            (_, before, now) -> taken(before, line.getValue(), key, now),
                                            1))
                            .merge(config.writesAtOnce())
                            .collect()
                            .asList()
                            .replaceWithVoid());
        }));
    }

    private static LineState taken(LineState line, int quantity, String key, long now) {
        return line.find(key).isPresent() ? line : line.take(quantity, key, now);
    }

    /// One edit of a cart that has been read.
    private final class Run {
        private final String operation;
        private final String customerId;
        private final CartWriter writer;
        private final Cart cart;

        Run(String operation, String customerId, CartWriter writer, Cart cart) {
            this.operation = operation;
            this.customerId = customerId;
            this.writer = writer;
            this.cart = cart;
        }

        Uni<LineState> line(String productId, Change change, int attempt) {
            var before = cart.line(productId);
            var after = change.apply(cart, before, now());
            if (after == before) return Uni.createFrom().item(before);
            if (attempt > config.attemptsMax()) return Uni.createFrom().failure(CartRepository.busy());
            return carts.write(operation, writer, write(customerId, productId, cart, after, writer))
                    .chain(conflict -> conflict.isEmpty()
                            ? Uni.createFrom().item(after)
                            : new Run(operation, customerId, writer, cart.with(productId, conflict.get()))
                                    .line(productId, change, attempt + 1));
        }
    }

    /// The write that stores what this Region now knows of a line. A removal must not end before the items
    /// that it makes void: no item ends before the others of its line, and that of an empty line ends later,
    /// since a Region that does not have the removal yet may renew its own.
    ///
    /// @param cart as it was read
    LineWrite write(String customerId, String productId, Cart cart, LineState state, CartWriter writer) {
        var kept = Sessions.isVisitor(customerId) ? config.guestsKept() : config.kept();
        boolean isEmpty = state.quantity(limits.quantityMax()) == 0;
        var end = Instant.now().plus(isEmpty ? kept.plus(LAG_MAX) : kept);
        var lastEnd = cart.lastEnd(productId);
        var next = new LinePart(
                writer.name(),
                Ids.ulid(),
                state.trimmed(config.editsKept(), limits.quantityMax()),
                lastEnd.isAfter(end) ? lastEnd : end);
        return new LineWrite(customerId, productId, cart.part(productId, writer.name()), next);
    }

    /// The clock, in microseconds since 1970.
    static long now() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
}
