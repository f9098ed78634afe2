package dev.meridian.cart;

import dev.meridian.catalog.CatalogService;
import dev.meridian.shared.Page;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Carts: add, set, read, remove, merge. Prices come from the catalog, never from a client.
@ApplicationScoped
public class CartService {
    private final CartRepository carts;
    private final CartMergeRepository moves;
    private final CatalogService catalog;
    private final CartConfig config;
    private final Counter adds;
    private final Counter merges;

    CartService(
            CartRepository carts,
            CartMergeRepository moves,
            CatalogService catalog,
            CartConfig config,
            MeterRegistry meters) {
        this.carts = carts;
        this.moves = moves;
        this.catalog = catalog;
        this.config = config;
        this.adds = meters.counter("meridian.cart.adds");
        this.merges = meters.counter("meridian.cart.merges");
    }

    /// These lines at the prices of today. While PostgreSQL cannot be read they have the last prices that this
    /// process has read, else those of the day when they were last written.
    public Uni<List<CartItem>> atPricesNow(List<CartItem> lines) {
        if (lines.isEmpty()) return Uni.createFrom().item(lines);
        return catalog.knownPrices(lines.stream().map(CartItem::itemId).collect(Collectors.toSet()))
                .map(prices -> lines.stream().map(line -> line.at(prices)).toList());
    }

    /// One page of a cart's lines, in the order of their product ids; strongly consistent in this Region. Their
    /// prices are those of the day when they were last written.
    ///
    /// @param limit lines at most, 1 to `meridian.cart.lines-max`; empty for that maximum
    /// @param cursor from the previous page
    public Uni<Page<CartItem>> list(String customerId, Optional<Integer> limit, Optional<String> cursor) {
        int lines = limit.orElse(config.linesMax());
        if (lines < 1 || lines > config.linesMax()) {
            throw ProblemException.invalid("limit", "must be 1 to " + config.linesMax());
        }
        return carts.list(customerId, lines, cursor);
    }

    /// One line of a cart, as [#list] has it.
    ///
    /// @throws ProblemException 404 when the product is not in the cart
    public Uni<CartItem> get(String customerId, String productId) {
        return carts.find(customerId, productId)
                .map(line -> line.orElseThrow(
                        () -> new ProblemException(CartProblem.NOT_IN_CART, "No " + productId + " in this cart.")));
    }

    /// Adds units to a line, or creates it; concurrent adds all count. With an idempotency key it is done once, as
    /// long as the line remembers the key: a line remembers at least the last `meridian.cart.idempotency-keys-max`
    /// keys, until it is removed.
    ///
    /// @param quantity units to add; they and the sum are 1 to `meridian.cart.quantity-max`
    /// @return the line now
    /// @throws ProblemException 400 quantity out of bounds, 404 unknown product, 422 key reused with another
    ///     quantity
    public Uni<CartItem> add(String customerId, String productId, int quantity, Optional<String> idempotencyKey) {
        return priced(productId, quantity)
                .chain(more -> idempotencyKey
                        .map(key -> carts.add(customerId, more, key))
                        .orElseGet(() -> carts.add(customerId, more)))
                .map(added -> switch (added) {
                    case AddOutcome.Done(var line) -> line;
                    case AddOutcome.TooMany(var line) ->
                        throw ProblemException.invalid(
                                "quantity",
                                "the line has " + line.quantity() + " and may have " + config.quantityMax());
                    case AddOutcome.KeyReused() ->
                        throw new ProblemException(
                                SharedProblem.IDEMPOTENCY_KEY_REUSED,
                                "The key was used for this product with another quantity.");
                })
                .invoke(_ -> adds.increment());
    }

    /// Sets a line to this quantity, whatever it was before.
    ///
    /// @param quantity 1 to `meridian.cart.quantity-max`
    /// @throws ProblemException 400 quantity out of bounds, 404 unknown product
    public Uni<CartItem> set(String customerId, String productId, int quantity) {
        return priced(productId, quantity).chain(line -> carts.set(customerId, line));
    }

    /// Removes a line; removing an absent line succeeds.
    public Uni<Void> remove(String customerId, String productId) {
        return carts.remove(customerId, productId);
    }

    /// Removes all lines. A line that is written at the same time may stay.
    public Uni<Void> clear(String customerId) {
        return carts.clear(customerId);
    }

    /// Moves all lines of one cart into another and adds the quantities. At any time every unit is in exactly
    /// one of the two carts, even when the merge is repeated, runs twice at once, stops halfway or races with
    /// other writes.
    ///
    /// @param to the cart that receives the lines
    /// @param from the cart that is emptied; if it is the same cart, nothing happens
    /// @throws ProblemException 409 when a line would have too many units: it stays where it was, all others
    ///     are moved; 503 when a line keeps conflicting with other writes: what is not moved stays
    public Uni<Void> merge(String to, String from) {
        if (to.equals(from)) return Uni.createFrom().voidItem();
        return merge(to, from, Optional.empty(), List.of())
                .invoke(tooMany -> {
                    if (!tooMany.isEmpty()) {
                        throw new ProblemException(
                                CartProblem.QUANTITY_TOO_LARGE,
                                "Not moved, since a line may have " + config.quantityMax() + " units: "
                                        + String.join(", ", tooMany) + ".");
                    }
                    merges.increment();
                })
                .replaceWithVoid();
    }

    /// @param tooMany products that could not be moved so far
    /// @return all of them
    private Uni<List<String>> merge(String to, String from, Optional<String> cursor, List<String> tooMany) {
        return carts.list(from, config.linesMax(), cursor)
                .chain(page -> Multi.createFrom()
                        .iterable(page.items())
                        .onItem()
                        .transformToUni(line -> move(to, from, line, 1))
                        .merge(config.mergeConcurrency())
                        .collect()
                        .asList()
                        .chain(left -> {
                            if (!page.items().isEmpty()) {
                                Log.infof(
                                        "cart merged into=%s lines=%d",
                                        to, page.items().size());
                            }
                            var all = new ArrayList<>(tooMany);
                            left.forEach(all::addAll);
                            return page.next().isEmpty()
                                    ? Uni.createFrom().item(all)
                                    : merge(to, from, page.next(), all);
                        }));
    }

    /// @return the product if it could not be moved
    private Uni<Collection<String>> move(String to, String from, CartItem line, int attempt) {
        return moves.move(from, to, line).chain(moved -> switch (moved) {
            case MoveOutcome.Done() -> Uni.createFrom().item(Set.of());
            case MoveOutcome.Gone() -> Uni.createFrom().item(Set.of());
            case MoveOutcome.TooMany() -> Uni.createFrom().item(Set.of(line.itemId()));
            case MoveOutcome.Changed(var now) ->
                attempt < config.attemptsMax()
                        ? move(to, from, now, attempt + 1)
                        : Uni.createFrom().failure(CartRepository.busy(null));
        });
    }

    /// The product at its current price.
    private Uni<CartItem> priced(String productId, int quantity) {
        if (quantity < 1 || quantity > config.quantityMax()) {
            throw ProblemException.invalid("quantity", "must be 1 to " + config.quantityMax());
        }
        return catalog.prices(Set.of(productId)).map(prices -> {
            var product = prices.get(productId);
            if (product == null) {
                throw new ProblemException(CartProblem.UNKNOWN_PRODUCT, "No product " + productId + ".");
            }
            return new CartItem(productId, quantity, product.price());
        });
    }
}
