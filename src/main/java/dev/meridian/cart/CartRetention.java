package dev.meridian.cart;

import dev.meridian.retention.PersonalData;
import dev.meridian.shared.Page;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The cart. Erasing it deletes its items, of all Regions.
@ApplicationScoped
class CartRetention implements PersonalData {
    private final CartRepository carts;
    private final CartErasureRepository erasure;
    private final CartRules rules;

    CartRetention(CartRepository carts, CartErasureRepository erasure, CartRules rules) {
        this.carts = carts;
        this.erasure = erasure;
        this.rules = rules;
    }

    @Override
    public String part() {
        return "cart";
    }

    @Override
    public Uni<Page<Map<String, Object>>> export(Subject customer, Optional<String> after) {
        return carts.read(customer.customerId(), carts.writer())
                .map(cart -> new Page<>(
                        cart.items(rules.quantityMax()).stream()
                                .map(CartRetention::toMap)
                                .toList(),
                        Optional.empty()));
    }

    private static Map<String, Object> toMap(CartItem item) {
        return Map.of(
                "productId", item.itemId(),
                "quantity", item.quantity(),
                "unitPriceMinor", item.unitPrice().minor());
    }

    /// A clearing of the cart goes last: without it, lines that it removed would be there again.
    @Override
    public Uni<ErasedPage> erase(Subject customer, Optional<String> after) {
        var customerId = customer.customerId();
        return erasure.keys(customerId).chain(keys -> {
            var clearings =
                    keys.stream().filter(key -> key.startsWith(Cart.ALL)).toList();
            var lines = keys.stream().filter(key -> !key.startsWith(Cart.ALL)).toList();
            return delete(customerId, lines)
                    .chain(() -> delete(customerId, clearings))
                    .replaceWith(ErasedPage.all(keys.size()));
        });
    }

    private Uni<Void> delete(String customerId, List<String> keys) {
        return erasure.deleteAll(customerId, keys);
    }
}
