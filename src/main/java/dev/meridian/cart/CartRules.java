package dev.meridian.cart;

import dev.meridian.shared.LineLimits;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import jakarta.enterprise.context.ApplicationScoped;

/// What an edit must keep to: the bounds of a checkout, so that what is in a cart can be ordered.
@ApplicationScoped
class CartRules {
    private final LineLimits limits;
    private final CartConfig config;

    CartRules(LineLimits limits, CartConfig config) {
        this.limits = limits;
        this.config = config;
    }

    /// The largest quantity of a line.
    int quantityMax() {
        return limits.quantityMax();
    }

    /// Lines in one answer at most.
    int pageSizeMax() {
        return config.pageSizeMax();
    }

    /// The bounds in words.
    String bounds() {
        return "a line may have " + limits.quantityMax() + " units and a cart " + limits.linesMax() + " lines";
    }

    /// @throws ProblemException 400 when no line may have so many units
    void checkQuantity(int quantity) {
        if (quantity < 1 || quantity > limits.quantityMax()) {
            throw ProblemException.invalid("quantity", "must be 1 to " + limits.quantityMax());
        }
    }

    /// A line with more units.
    ///
    /// @throws ProblemException 400 too many units, 409 too many lines, 422 key used with another quantity
    LineState added(Cart cart, LineState line, CartItem more, String key, long now) {
        var earlier = line.find(key);
        if (earlier.isPresent()) {
            if (earlier.get().amount() != more.quantity()) throw reused();
            return line;
        }
        int quantity = line.quantity(limits.quantityMax());
        if (quantity > limits.quantityMax() - more.quantity()) {
            throw ProblemException.invalid(
                    "quantity", "the line has " + quantity + " and may have " + limits.quantityMax());
        }
        checkRoom(cart, more.itemId(), quantity);
        return line.add(more.quantity(), key, now).at(more.unitPrice().minor());
    }

    /// A line with this quantity.
    ///
    /// @throws ProblemException 409 too many lines
    LineState set(Cart cart, LineState line, CartItem wanted, String key, long now) {
        checkRoom(cart, wanted.itemId(), line.quantity(limits.quantityMax()));
        return line.set(wanted.quantity(), key, now).at(wanted.unitPrice().minor());
    }

    private static ProblemException reused() {
        return new ProblemException(
                SharedProblem.IDEMPOTENCY_KEY_REUSED, "The key was used for this product with another quantity.");
    }

    /// @param quantity of the line now
    private void checkRoom(Cart cart, String productId, int quantity) {
        if (quantity > 0) return;
        boolean isFull = cart.items(limits.quantityMax()).size() >= limits.linesMax()
                || !cart.parts().containsKey(productId) && cart.size() >= config.itemsMax();
        if (isFull) {
            throw new ProblemException(
                    CartProblem.CART_FULL,
                    "A cart has at most " + limits.linesMax() + " products, as many as can be ordered at once.");
        }
    }
}
