package dev.meridian.order;

import dev.meridian.catalog.PricedProduct;
import dev.meridian.customer.CustomerService;
import dev.meridian.session.Caller;
import dev.meridian.shared.Ids;
import dev.meridian.shared.LineLimits;
import dev.meridian.shared.Money;
import dev.meridian.shared.Page;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Orders: take, read, list, cancel.
@ApplicationScoped
public class OrderService {
    private final OrderPlacement placement;
    private final OrderReader reader;
    private final OrderCancellation cancellation;
    private final OrderAccessService access;
    private final CustomerService customers;
    private final LineLimits limits;

    OrderService(
            OrderPlacement placement,
            OrderReader reader,
            OrderCancellation cancellation,
            OrderAccessService access,
            CustomerService customers,
            LineLimits limits) {
        this.placement = placement;
        this.reader = reader;
        this.cancellation = cancellation;
        this.access = access;
        this.customers = customers;
        this.limits = limits;
    }

    /// The bounds of an order.
    public LineLimits limits() {
        return limits;
    }

    /// Takes an order, once for each customer and idempotency key. The answer is `CONFIRMED`; `ACCEPTED` while
    /// the SQL writer is unavailable; `CANCELLED` for a retry of an order that was cancelled since.
    ///
    /// @throws ProblemException 400 a bound is exceeded, 404 unknown product, 409 out of stock, 422 key reused
    ///     with another order, 503 when the order could not be stored
    public Uni<Order> place(NewOrder order) {
        return placement.place(order.id(), order);
    }

    /// As [#place(NewOrder)], at prices that the customer has agreed to: the catalog is not asked.
    ///
    /// @param agreed the price of each product of the order
    public Uni<Order> place(NewOrder order, Map<String, PricedProduct> agreed) {
        return placement.place(order.id(), order, Uni.createFrom().item(agreed));
    }

    /// The order that [#place(NewOrder)] has taken; empty when there is none.
    ///
    /// @throws ProblemException 503 when a store that may have it does not answer
    public Uni<Optional<Order>> find(NewOrder order) {
        return reader.get(order.id());
    }

    /// Takes an order for one unit of one product under the client's own id. The same three ids are the same
    /// order.
    ///
    /// @param customerId a known customer
    /// @param orderId the client's id; the order's own id is derived from it and the product
    /// @throws ProblemException as [#place], 404 for an unknown customer, 409 when another customer has an
    ///     order under these ids
    Uni<Order> placeUnit(String customerId, String productId, String orderId) {
        return customers
                .get(customerId)
                .chain(() -> placement.place(unitId(orderId, productId), unit(customerId, productId, orderId)))
                .onFailure(OrderService::isOfAnother)
                .transform(_ -> new ProblemException(
                        OrderProblem.ORDER_ID_TAKEN, "Another order has this orderId and productId."));
    }

    /// The order that [#placeUnit] took.
    ///
    /// @throws ProblemException 404 when there is none
    Uni<Order> getUnit(String orderId, String productId) {
        return reader.get(unitId(orderId, productId))
                .map(found -> found.orElseThrow(() -> OrderProblem.unknownUnit(orderId, productId)));
    }

    /// The ids are the same and there is one unit of one product, so only the customer can be another.
    private static boolean isOfAnother(Throwable failure) {
        return failure instanceof ProblemException problem && problem.code() == SharedProblem.IDEMPOTENCY_KEY_REUSED;
    }

    static String unitId(String orderId, String productId) {
        return Ids.derive("order", "v1", orderId, productId);
    }

    static NewOrder unit(String customerId, String productId, String orderId) {
        return new NewOrder(
                customerId, orderId, null, List.of(new NewOrder.Line(productId, 1)), Money.ZERO, Money.ZERO);
    }

    /// Reads an order. In the Region that took it, a customer sees it at once.
    ///
    /// @throws ProblemException 404 when there is none, 503 when a store that may have it does not answer
    public Uni<Order> get(String id) {
        return reader.get(id).map(found -> found.orElseThrow(() -> OrderProblem.unknown(id)));
    }

    /// As [#get], with what happened to the order. It costs the same.
    ///
    /// @throws ProblemException as [#get]
    public Uni<OrderHistory> history(String id) {
        return reader.history(id).map(found -> found.orElseThrow(() -> OrderProblem.unknown(id)));
    }

    /// One page of a customer's orders, newest first; eventually consistent.
    ///
    /// @param limit 1 to the configured maximum
    /// @param cursor where the page before ended
    /// @throws ProblemException 400 when the limit or the cursor is not valid
    public Uni<Page<Order>> list(String customerId, int limit, Optional<String> cursor) {
        return reader.list(customerId, limit, cursor);
    }

    /// Cancels an order of the caller, or any for support; a confirmed one gives its stock back, once. Idempotent.
    /// While SQL does not
    /// have the order or does not answer, the request is kept, and the order is cancelled later unless it is
    /// rejected. Until then it has `cancelRequestedAt`.
    ///
    /// @return the cancelled order, or the order as it is
    /// @throws ProblemException 404 when the caller has no such order, 409 when it is rejected, 503 when DynamoDB
    ///     does not answer: then it may or may not be cancelled; a repeated call tells
    public Uni<Order> cancel(String id, Caller caller) {
        return get(id).invoke(order -> access.cancellable(order, caller)).chain(() -> cancellation.cancel(id));
    }
}
