package dev.meridian.checkout;

import dev.meridian.customer.Address;
import dev.meridian.shared.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A checkout in progress. Its sums are within the bounds of [Money].
///
/// @param id its own id, a ULID: the idempotency key of its order
/// @param customerId the customer
/// @param lines the products, each once, at the catalog's prices; may be empty
/// @param address where it goes, as far as known
/// @param deliveryOption the token of the delivery option, if one was chosen
/// @param shipping what the delivery option costs; empty until one is chosen and there is an address
/// @param tax empty until there is an address
/// @param expiresAt when it ends, to the second
/// @param cartEmptied whether it is ordered and its lines are out of the cart
public record Checkout(
        String id,
        String customerId,
        List<Line> lines,
        Optional<Address> address,
        Optional<String> deliveryOption,
        Optional<Money> shipping,
        Optional<Money> tax,
        Instant expiresAt,
        boolean cartEmptied) {
    public Checkout {
        lines = List.copyOf(lines);
    }

    /// One product of a checkout.
    ///
    /// @param productId the product
    /// @param name its name in the catalog
    /// @param quantity how many, at least 1
    /// @param price the price of one unit
    public record Line(String productId, String name, int quantity, Money price) {
        /// The price of all units.
        ///
        /// @throws RuntimeException when it is more than [Money] can hold
        public Money total() {
            return price.times(quantity);
        }
    }

    /// A delivery option.
    ///
    /// @param name what a customer reads
    /// @param amount what it costs
    /// @param token what a client sends to choose it
    /// @param estimatedDays days until delivery
    public record Rate(String name, Money amount, String token, int estimatedDays) {
        /// Parses an option of the configuration.
        ///
        /// @param text `token:amount:days:name`
        /// @throws IllegalArgumentException for any other text
        static Rate parse(String text) {
            var parts = text.split(":", 4);
            try {
                return new Rate(
                        parts[3].strip(),
                        Money.ofMajor(new BigDecimal(parts[1])),
                        parts[0],
                        Integer.parseInt(parts[2]));
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                throw new IllegalArgumentException(
                        "meridian.checkout.rates: \"" + text + "\" is not token:amount:days:name", e);
            }
        }
    }

    /// The sum of the lines.
    public Money subtotal() {
        return lines.stream().map(Line::total).reduce(Money.ZERO, Money::plus);
    }

    /// Lines, shipping and tax; an amount that is not known yet counts as zero.
    public Money total() {
        return subtotal().plus(shipping.orElse(Money.ZERO)).plus(tax.orElse(Money.ZERO));
    }
}
