package dev.meridian.checkout;

import dev.meridian.catalog.CatalogService;
import dev.meridian.catalog.PricedProduct;
import dev.meridian.checkout.Checkout.Line;
import dev.meridian.checkout.Checkout.Rate;
import dev.meridian.customer.Address;
import dev.meridian.customer.Customer;
import dev.meridian.customer.CustomerService;
import dev.meridian.order.NewOrder;
import dev.meridian.order.OrderService;
import dev.meridian.shared.Ids;
import dev.meridian.shared.Money;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.ProblemException.FieldError;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Checkouts: what a customer is about to order, with address, delivery option and totals. A submit orders it.
@ApplicationScoped
public class CheckoutService {
    /// The margin after the hold is one of so many parts of it at most.
    private static final int HOLD_PARTS = 60;

    private final CheckoutRepository checkouts;
    private final CatalogService catalog;
    private final CustomerService customers;
    private final OrderService orders;
    private final CheckoutConfig config;
    private final List<Rate> rates;

    CheckoutService(
            CheckoutRepository checkouts,
            CatalogService catalog,
            CustomerService customers,
            OrderService orders,
            CheckoutConfig config) {
        this.checkouts = checkouts;
        this.catalog = catalog;
        this.customers = customers;
        this.orders = orders;
        this.config = config;
        this.rates = config.rates().stream().map(Rate::parse).toList();
    }

    /// The customer's checkout; strongly consistent in this Region. A submitted one stays until the next
    /// update.
    ///
    /// @throws ProblemException 404 when there is none, or it has expired
    public Uni<Checkout> get(String customerId) {
        return checkouts
                .find(customerId)
                .map(found -> found.filter(checkout -> checkout.expiresAt().isAfter(Instant.now()))
                        .orElseThrow(() -> new ProblemException(
                                CheckoutProblem.NO_CHECKOUT, "Customer " + customerId + " has no checkout.")));
    }

    /// Replaces the customer's checkout with a new one.
    ///
    /// @param wanted the products; quantities of a product named twice are added up
    /// @param address empty for the first address of the customer's profile, if there is one. Without an e-mail
    ///     address it gets that of the profile
    /// @param deliveryOption the token of a delivery option
    /// @throws ProblemException 400 that names every invalid field
    public Uni<Checkout> update(
            String customerId, List<NewOrder.Line> wanted, Optional<Address> address, Optional<String> deliveryOption) {
        var errors = boundsOf(wanted);
        if (deliveryOption.isPresent() && rate(deliveryOption).isEmpty()) {
            errors.add(new FieldError("deliveryOptionToken", "is none of the delivery options"));
        }
        if (!errors.isEmpty()) throw ProblemException.invalid(errors);
        var ids = wanted.stream().map(NewOrder.Line::productId).collect(Collectors.toSet());
        var prices = ids.isEmpty() ? Uni.createFrom().item(Map.<String, PricedProduct>of()) : catalog.prices(ids);
        return Uni.combine()
                .all()
                .unis(prices, completed(customerId, address))
                .asTuple()
                .map(found -> checkout(
                        customerId,
                        lines(wanted, found.getItem1()),
                        found.getItem2(),
                        deliveryOption,
                        Optional.empty()))
                .chain(checkout -> checkouts.put(checkout).replaceWith(checkout));
    }

    /// Orders a checkout that the customer has agreed to, at its total, once. A repeated submit of it, in any
    /// Region, returns the same order. So it does after the hold; but a checkout that is not ordered by then, and
    /// of which a price changed, is not ordered: a new one replaces it.
    ///
    /// @param checkout as [#get] returned it; what the customer does meanwhile has no effect
    /// @return the order, which may be accepted but not yet confirmed; or the checkout to agree to first
    /// @throws ProblemException 409 incomplete or out of stock, 503 when nothing could be stored
    public Uni<SubmitOutcome> submit(Checkout checkout) {
        var order = order(checkout);
        return checkout.isHeldAt(Instant.now()) ? placed(checkout, order) : placedUnlessRepriced(checkout, order);
    }

    private Uni<SubmitOutcome> placed(Checkout checkout, NewOrder wanted) {
        return orders.place(wanted, checkout.prices())
                .invoke(order -> Log.infof(
                        "checkout submitted checkoutId=%s orderId=%s lines=%d",
                        checkout.id(), order.id(), checkout.lines().size()))
                .map(order -> new SubmitOutcome(Optional.of(order), checkout));
    }

    /// An order that was taken in time stays as it is, also when its answer was lost. So the order is looked for
    /// before the customer is asked to agree again: in SQL too, since the journal of this Region may not have it.
    private Uni<SubmitOutcome> placedUnlessRepriced(Checkout checkout, NewOrder wanted) {
        return catalog.prices(checkout.prices().keySet()).onItemOrFailure().transformToUni((prices, failure) -> {
            if (failure == null && renewed(checkout, prices).hasPricesOf(checkout)) return placed(checkout, wanted);
            return orders.find(wanted).chain(taken -> {
                if (taken.isPresent()) return placed(checkout, wanted);
                if (checkout.isHeldAt(Instant.now().minus(holdMargin())))
                    throw ProblemException.unavailable("The time for which the total holds is ending.", null);
                return failure == null
                        ? repriced(checkout, renewed(checkout, prices))
                        : Uni.createFrom().failure(failure);
            });
        });
    }

    private Duration holdMargin() {
        var most = config.priceHold().dividedBy(HOLD_PARTS);
        return config.holdMargin().compareTo(most) < 0 ? config.holdMargin() : most;
    }

    /// Of two submits at once both return the same new checkout.
    private Uni<SubmitOutcome> repriced(Checkout checkout, Checkout now) {
        return checkouts
                .replace(now, checkout.id())
                .chain(isDone -> isDone ? Uni.createFrom().item(now) : get(checkout.customerId()))
                .invoke(next -> Log.infof("checkout repriced checkoutId=%s by=%s", checkout.id(), next.id()))
                .map(next -> new SubmitOutcome(Optional.empty(), next));
    }

    /// The same checkout made today. A product that the catalog does not tell keeps its price: SQL rejects it.
    private Checkout renewed(Checkout checkout, Map<String, PricedProduct> prices) {
        var agreed = checkout.prices();
        var lines = checkout.lines().stream()
                .map(line -> line(
                        line.productId(),
                        line.quantity(),
                        prices.getOrDefault(line.productId(), agreed.get(line.productId()))))
                .toList();
        return checkout(
                checkout.customerId(),
                lines,
                checkout.address(),
                checkout.deliveryOption(),
                Optional.of(checkout.total()));
    }

    /// Marks the checkout as no longer in the cart, so that a repeated submit leaves the cart alone. May be
    /// repeated; nothing happens when another checkout has replaced it.
    ///
    /// @throws ProblemException 503 when the store does not answer
    public Uni<Void> cartEmptied(String customerId, String checkoutId) {
        return checkouts.cartEmptied(customerId, checkoutId);
    }

    /// The delivery options, in the order in which they are offered.
    public List<Rate> rates() {
        return rates;
    }

    private Optional<Rate> rate(Optional<String> token) {
        return rates.stream()
                .filter(rate -> token.filter(rate.token()::equals).isPresent())
                .findFirst();
    }

    private List<FieldError> boundsOf(List<NewOrder.Line> wanted) {
        var errors = new ArrayList<FieldError>();
        if (wanted.size() > orders.limits().linesMax()) {
            errors.add(new FieldError("items", "may have " + orders.limits().linesMax() + " lines"));
            return errors;
        }
        for (int i = 0; i < wanted.size(); i++) {
            var productId = wanted.get(i).productId();
            long sum = wanted.stream()
                    .limit(i + 1L)
                    .filter(line -> line.productId().equals(productId))
                    .mapToLong(NewOrder.Line::quantity)
                    .sum();
            if (wanted.get(i).quantity() < 1 || sum > orders.limits().quantityMax()) {
                errors.add(new FieldError(
                        "items[" + i + "].quantity",
                        "must be 1 to " + orders.limits().quantityMax()));
            }
        }
        return errors;
    }

    /// Each product once, in the order of first mention, at the catalog's price.
    private static List<Line> lines(List<NewOrder.Line> wanted, Map<String, PricedProduct> prices) {
        var errors = new ArrayList<FieldError>();
        for (int i = 0; i < wanted.size(); i++) {
            if (!prices.containsKey(wanted.get(i).productId())) {
                errors.add(new FieldError("items[" + i + "].id", "is no product of the catalog"));
            }
        }
        if (!errors.isEmpty()) throw ProblemException.invalid(errors);
        var ids = new LinkedHashSet<String>();
        wanted.forEach(line -> ids.add(line.productId()));
        return ids.stream()
                .map(id -> {
                    int quantity = wanted.stream()
                            .filter(line -> line.productId().equals(id))
                            .mapToInt(NewOrder.Line::quantity)
                            .sum();
                    return line(id, quantity, prices.get(id));
                })
                .toList();
    }

    private static Line line(String productId, int quantity, PricedProduct product) {
        return new Line(productId, product.name(), quantity, product.price(), product.asOf());
    }

    /// The address with what the customer's profile can add. The profile is read only when something is
    /// missing.
    private Uni<Optional<Address>> completed(String customerId, Optional<Address> address) {
        if (address.map(Address::email).isPresent()) return Uni.createFrom().item(address);
        return customers
                .find(customerId)
                .map(customer -> address.or(() -> customer.map(Customer::addresses)
                                .flatMap(addresses -> addresses.stream().findFirst()))
                        .map(a -> a.email() != null
                                ? a
                                : a.withEmail(customer.map(Customer::email).orElse(null))));
    }

    private Checkout checkout(
            String customerId,
            List<Line> lines,
            Optional<Address> address,
            Optional<String> deliveryOption,
            Optional<Money> formerTotal) {
        var now = Instant.now();
        var checkout = new Checkout(
                Ids.ulid(),
                customerId,
                lines,
                address,
                deliveryOption,
                address.flatMap(_ -> rate(deliveryOption)).map(Rate::amount),
                address.map(_ -> Money.ofMajor(config.tax())),
                now.plus(config.priceHold()).truncatedTo(ChronoUnit.MILLIS),
                formerTotal,
                now.plus(config.timeToLive()).truncatedTo(ChronoUnit.SECONDS),
                false);
        try {
            checkout.total();
        } catch (IllegalArgumentException | ArithmeticException _) {
            throw ProblemException.invalid("items", "cost more than an order may");
        }
        return checkout;
    }

    private static NewOrder order(Checkout checkout) {
        var missing = new ArrayList<String>();
        if (checkout.lines().isEmpty()) missing.add("items");
        if (checkout.address().isEmpty()) missing.add("shippingAddress");
        if (checkout.address().filter(a -> a.email() == null).isPresent()) missing.add("shippingAddress.email");
        if (checkout.deliveryOption().isEmpty()) missing.add("deliveryOptionToken");
        if (!missing.isEmpty()) {
            throw new ProblemException(
                    CheckoutProblem.INCOMPLETE_CHECKOUT, "Missing: " + String.join(", ", missing) + ".");
        }
        return new NewOrder(
                checkout.customerId(),
                checkout.id(),
                checkout.address().orElseThrow(),
                checkout.lines().stream()
                        .map(line -> new NewOrder.Line(line.productId(), line.quantity()))
                        .toList(),
                checkout.shipping().orElseThrow(),
                checkout.tax().orElseThrow());
    }
}
