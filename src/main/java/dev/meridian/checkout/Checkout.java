package dev.meridian.checkout;

import dev.meridian.catalog.PricedProduct;
import dev.meridian.customer.Address;
import dev.meridian.shared.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// A checkout in progress. Its sums are within the bounds of [Money]. Nothing of it ever changes under its id.
///
/// @param id its own id, a ULID: the idempotency key of its order
/// @param customerId the customer
/// @param lines the products, each once, at the catalog's prices when the checkout was made; may be empty
/// @param address where it goes, as far as known
/// @param deliveryOption the token of the delivery option, if one was chosen
/// @param shipping what the delivery option costs; empty until one is chosen and there is an address
/// @param tax empty until there is an address
/// @param heldUntil until when it is ordered at its prices, whatever the catalog says since
/// @param formerTotal the total of the checkout that it replaces, if a price changed after its hold: the customer
///     has not agreed to the new one yet
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
        Instant heldUntil,
        Optional<Money> formerTotal,
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
    /// @param priceAsOf the time of that price, if it was the last known one because the catalog did not answer
    public record Line(String productId, String name, int quantity, Money price, Optional<Instant> priceAsOf) {
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

    /// Whether a customer who agrees to it at this time pays its total, whatever the catalog says.
    public boolean isHeldAt(Instant time) {
        return time.isBefore(heldUntil);
    }

    /// The prices of its products, as they were agreed.
    Map<String, PricedProduct> prices() {
        return lines.stream()
                .collect(Collectors.toMap(
                        Line::productId,
                        line -> new PricedProduct(line.productId(), line.name(), line.price(), line.priceAsOf())));
    }

    /// Whether a customer pays the same for each product, for shipping and for tax.
    boolean hasPricesOf(Checkout other) {
        return amounts().equals(other.amounts()) && shipping.equals(other.shipping) && tax.equals(other.tax);
    }

    private Map<String, Money> amounts() {
        return lines.stream().collect(Collectors.toMap(Line::productId, Line::price));
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
