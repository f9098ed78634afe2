package dev.meridian.order;

import dev.meridian.catalog.PricedProduct;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/// Takes orders: price, journal, SQL, journal, in this sequence (docs/adr/0003-journal-by-order-id.md). An end is told
/// only when both stores have it, so that neither a lost tail of SQL nor a dead process can take it back unnoticed.
@ApplicationScoped
class OrderPlacement {
    private final OrderPricing pricing;
    private final JournalRepository journal;
    private final OrderSettlement settlement;
    private final OrderConfig config;
    private final MeterRegistry meters;

    OrderPlacement(
            OrderPricing pricing,
            JournalRepository journal,
            OrderSettlement settlement,
            OrderConfig config,
            MeterRegistry meters) {
        this.pricing = pricing;
        this.journal = journal;
        this.settlement = settlement;
        this.config = config;
        this.meters = meters;
    }

    /// Takes an order under an id; the same id with the same order again has the same outcome.
    ///
    /// @param id derived from what identifies the request, see [NewOrder#id]
    /// @return the order, `ACCEPTED` when a store did not answer within the budget
    /// @throws ProblemException as [OrderService#place]
    Uni<Order> place(String id, NewOrder order) {
        return place(id, order, pricing.prices(order));
    }

    /// As [#place(String, NewOrder)], at prices that the caller knows.
    Uni<Order> place(String id, NewOrder order, Uni<Map<String, PricedProduct>> prices) {
        return Uni.createFrom().deferred(() -> {
            long start = System.nanoTime();
            pricing.check(order);
            return entry(id, order, prices)
                    .chain(entry -> journal.accept(entry).chain(stored -> {
                        var left = config.budget().minusNanos(System.nanoTime() - start);
                        return finish(stored, order.payloadHash(), left)
                                .onTermination()
                                .invoke((taken, failure, _) -> {
                                    if (stored == entry) count(id, entry.order(), taken, failure);
                                });
                    }))
                    .map(OrderPlacement::answer);
        });
    }

    /// The priced entry. A retry must not fail because the catalog does, so then the one in the journal will
    /// do.
    private Uni<OrderEntry> entry(String id, NewOrder order, Uni<Map<String, PricedProduct>> prices) {
        return prices.map(known -> pricing.entry(id, order, known))
                .onFailure(ProblemException.class)
                .recoverWithUni(failure -> journal.find(id)
                        .onFailure()
                        .transform(_ -> failure)
                        .map(found -> found.orElseThrow(() -> failure)));
    }

    private Uni<Order> finish(OrderEntry stored, String payloadHash, Duration left) {
        if (!stored.payloadHash().equals(payloadHash)) throw keyReused();
        if (!stored.order().isOpen()) return Uni.createFrom().item(stored.order());
        // Goes on when the answer cannot wait any longer.
        var running = carryOut(stored).memoize().indefinitely();
        running.subscribe().with(_ -> {}, failure -> stayOpen(stored, failure));
        return running.ifNoItem()
                .after(left.isPositive() ? left : Duration.ofMillis(1))
                .recoverWithItem(stored)
                .onFailure(ProblemException::isUnavailable)
                .recoverWithItem(stored)
                .map(end -> {
                    if (!end.sameRequestAs(stored)) throw keyReused();
                    return end.order();
                });
    }

    private Uni<OrderEntry> carryOut(OrderEntry stored) {
        return settlement
                .carryOut(stored)
                // An entry that a cancellation has opened is the cancellation's to close, or the settler's.
                .call(end -> settlement.conclude(stored, end, Instant.EPOCH));
    }

    private static void stayOpen(OrderEntry stored, Throwable failure) {
        Log.debugf("order stays accepted orderId=%s: %s", stored.order().id(), failure.getMessage());
    }

    private void count(String id, Order order, Order taken, Throwable failure) {
        if (failure != null || taken == null) return;
        var outcome = taken.status().name().toLowerCase(Locale.ROOT);
        meters.counter("meridian.orders.taken", "outcome", outcome).increment();
        Log.infof(
                "order taken orderId=%s outcome=%s lines=%d",
                id, outcome, order.items().size());
    }

    private static ProblemException keyReused() {
        return new ProblemException(
                SharedProblem.IDEMPOTENCY_KEY_REUSED, "Another order was sent with this key before this one.");
    }

    /// A rejected order is the problem that it was rejected for, however often it is asked for.
    private static Order answer(Order order) {
        if (order.status() != Order.Status.REJECTED) return order;
        var unknown = order.reason() != null && order.reason().startsWith(OrderProblem.UNKNOWN_PRODUCT.name());
        var products = order.reason() == null
                ? ""
                : order.reason().substring(order.reason().indexOf(':') + 1);
        throw unknown
                ? new ProblemException(OrderProblem.UNKNOWN_PRODUCT, "No product" + products + ".")
                : new ProblemException(OrderProblem.OUT_OF_STOCK, "Not enough in stock:" + products + ".");
    }
}
