package dev.meridian.cart;

import dev.meridian.catalog.CatalogService;
import dev.meridian.shared.Cursor;
import dev.meridian.shared.Ids;
import dev.meridian.shared.Page;
import dev.meridian.shared.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Carts: add, set, read, remove, merge. Prices come from the catalog, never from a client.
@ApplicationScoped
public class CartService {
    private final CartEditor carts;
    private final CartMover mover;
    private final CatalogService catalog;
    private final CartRules rules;
    private final Counter adds;
    private final Counter merges;

    CartService(CartEditor carts, CartMover mover, CatalogService catalog, CartRules rules, MeterRegistry meters) {
        this.carts = carts;
        this.mover = mover;
        this.catalog = catalog;
        this.rules = rules;
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
    /// @param limit lines at most, 1 to `meridian.cart.page-size-max`; empty for that maximum
    /// @param cursor from the previous page
    public Uni<Page<CartItem>> list(String customerId, Optional<Integer> limit, Optional<String> cursor) {
        int lines = limit.orElse(rules.pageSizeMax());
        if (lines < 1 || lines > rules.pageSizeMax()) {
            throw ProblemException.invalid("limit", "must be 1 to " + rules.pageSizeMax());
        }
        var after = cursor.map(CartService::productOf).orElse("");
        return carts.read(customerId).map(cart -> page(cart.items(rules.quantityMax()), after, lines));
    }

    private static String productOf(String cursor) {
        var productId = Cursor.decode(cursor, 1).getFirst();
        if (!Ids.isValid(productId)) throw Cursor.invalid();
        return productId;
    }

    private static Page<CartItem> page(List<CartItem> all, String after, int lines) {
        var rest =
                all.stream().filter(item -> item.itemId().compareTo(after) > 0).toList();
        if (rest.size() <= lines) return new Page<>(rest, Optional.empty());
        var items = rest.subList(0, lines);
        return new Page<>(items, Optional.of(Cursor.encode(items.getLast().itemId())));
    }

    /// One line of a cart, as [#list] has it.
    ///
    /// @throws ProblemException 404 when the product is not in the cart
    public Uni<CartItem> get(String customerId, String productId) {
        return carts.read(customerId)
                .map(cart -> cart.item(productId, rules.quantityMax())
                        .orElseThrow(() ->
                                new ProblemException(CartProblem.NOT_IN_CART, "No " + productId + " in this cart.")));
    }

    /// Adds units to a line, or creates it; all adds count, whichever Regions take them. With an idempotency
    /// key it is done once, in whichever Regions it is repeated, while the line remembers the key: the keys
    /// of at least its last `meridian.cart.edits-kept` edits.
    ///
    /// @param quantity units to add; they and the sum are 1 to `meridian.limits.quantity-max`
    /// @return the line now; for a repeated key of a line that is removed, what was added
    /// @throws ProblemException 400 quantity out of bounds, 404 unknown product, 409 too many lines, 422 key
    ///     reused with another quantity
    public Uni<CartItem> add(String customerId, String productId, int quantity, Optional<String> idempotencyKey) {
        var key = idempotencyKey.map(name -> Ids.deriveShort("cart-add", name)).orElseGet(LineEdit::newKey);
        return priced(productId, quantity)
                .chain(more -> carts.edit(
                                "cart-add",
                                customerId,
                                productId,
                                (cart, line, now) -> rules.added(cart, line, more, key, now))
                        .map(line -> now(more, line)))
                .invoke(_ -> adds.increment());
    }

    /// Sets a line to this quantity, whatever it was before.
    ///
    /// @param quantity 1 to `meridian.limits.quantity-max`
    /// @throws ProblemException 400 quantity out of bounds, 404 unknown product, 409 too many lines
    public Uni<CartItem> set(String customerId, String productId, int quantity) {
        var key = LineEdit.newKey();
        return priced(productId, quantity)
                .chain(wanted -> carts.edit(
                                "cart-set",
                                customerId,
                                productId,
                                (cart, line, now) -> rules.set(cart, line, wanted, key, now))
                        .map(line -> now(wanted, line)));
    }

    /// @param edit what was added or set
    private CartItem now(CartItem edit, LineState line) {
        int quantity = line.quantity(rules.quantityMax());
        return quantity == 0 ? edit : new CartItem(edit.itemId(), quantity, edit.unitPrice());
    }

    /// Removes a line; removing an absent line succeeds.
    public Uni<Void> remove(String customerId, String productId) {
        var key = LineEdit.newKey();
        return carts.edit("cart-remove", customerId, productId, (_, line, now) -> line.set(0, key, now))
                .replaceWithVoid();
    }

    /// Removes all lines, also those that other Regions began before and this one does not have yet.
    public Uni<Void> clear(String customerId) {
        var key = LineEdit.newKey();
        return carts.edit(
                        "cart-clear",
                        customerId,
                        Cart.ALL,
                        (cart, all, now) -> all.set(0, key, Math.max(now, cart.latest() + 1)))
                .replaceWithVoid();
    }

    /// Takes what was ordered out of the cart, once for each order, in whichever Regions it is repeated.
    /// What the cart has besides stays.
    ///
    /// @param units how many of each product
    /// @param order names the order
    public Uni<Void> take(String customerId, Map<String, Integer> units, String order) {
        return carts.take(customerId, units, Ids.deriveShort("cart-take", order));
    }

    /// Moves all lines of one cart into another and adds the quantities. In a Region every unit is in
    /// exactly one of the two carts at any time, even when the merge is repeated, runs twice at once, stops
    /// halfway or races with other writes. Merges of one cart into another in two Regions move each unit
    /// once.
    ///
    /// @param to the cart that receives the lines
    /// @param from the cart that is emptied; if it is the same cart, nothing happens
    /// @throws ProblemException 409 when a line does not fit: it stays where it was, all others are moved;
    ///     503 when a line keeps conflicting with other writes: what is not moved stays
    public Uni<Void> merge(String to, String from) {
        if (to.equals(from)) return Uni.createFrom().voidItem();
        return mover.move(to, from)
                .invoke(outcome -> {
                    if (outcome.moved() > 0) Log.infof("cart merged into=%s lines=%d", to, outcome.moved());
                    if (!outcome.left().isEmpty()) throw doesNotFit(outcome.left());
                    merges.increment();
                })
                .replaceWithVoid();
    }

    private ProblemException doesNotFit(List<String> products) {
        return new ProblemException(
                CartProblem.QUANTITY_TOO_LARGE,
                "Not moved, since " + rules.bounds() + ": " + String.join(", ", products) + ".");
    }

    /// The product at its current price.
    private Uni<CartItem> priced(String productId, int quantity) {
        rules.checkQuantity(quantity);
        return catalog.prices(Set.of(productId)).map(prices -> {
            var product = prices.get(productId);
            if (product == null) {
                throw new ProblemException(CartProblem.UNKNOWN_PRODUCT, "No product " + productId + ".");
            }
            return new CartItem(productId, quantity, product.price());
        });
    }
}
