package dev.meridian.order;

import dev.meridian.async.CallerContext;
import dev.meridian.catalog.PricedProduct;
import dev.meridian.journal.Accepted;
import dev.meridian.journal.JournalEntry;
import dev.meridian.journal.JournalService;
import dev.meridian.limits.RequestUnderWay;
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
import java.util.concurrent.ConcurrentHashMap;

/// Takes orders, in this sequence: price, journal, SQL, journal (docs/adr/0003-journal-by-order-id.md). A
/// client is told that an order is confirmed or rejected only when both stores have it. So neither the loss of
/// SQL's last commits nor the crash of a process can undo it unnoticed.
@ApplicationScoped
class OrderPlacement {
    private final OrderPricing pricing;
    private final JournalService journal;
    private final OrderSettlement settlement;
    private final OrderAdmission admission;
    private final GuestUnits guests;
    private final OrderConfig config;
    private final MeterRegistry meters;
    /// The orders on their way to SQL by id, which requests with one key share. As many as requests are under way.
    /// No `RequestCoalescer`: a call needs the entry and the time of its first request, not only the id.
    private final Map<String, Uni<StoredOrder>> settling = new ConcurrentHashMap<>();

    OrderPlacement(
            OrderPricing pricing,
            JournalService journal,
            OrderSettlement settlement,
            OrderAdmission admission,
            GuestUnits guests,
            OrderConfig config,
            MeterRegistry meters) {
        this.pricing = pricing;
        this.journal = journal;
        this.settlement = settlement;
        this.admission = admission;
        this.guests = guests;
        this.config = config;
        this.meters = meters;
    }

    /// Takes an order under an id. Repeating the call with the same id and order has the same outcome.
    ///
    /// @param id derived from what identifies the request, see [NewOrder#id]
    /// @return the order; `ACCEPTED` when a store did not answer within the budget, or too many orders
    /// wait for SQL
    /// @throws ProblemException as [OrderService#place]
    Uni<Order> place(String id, NewOrder order) {
        return place(id, order, pricing.prices(order));
    }

    /// As [#place(String, NewOrder)], at prices that the caller knows.
    Uni<Order> place(String id, NewOrder order, Uni<Map<String, PricedProduct>> prices) {
        return Uni.createFrom().deferred(() -> {
            long start = System.nanoTime();
            pricing.check(order);
            return admitted(id, order, entry(id, order, prices).chain(journal::accept))
                    .chain(accepted -> {
                        var left = config.budget().minusNanos(System.nanoTime() - start);
                        var taken = finish(OrderPayload.toOrder(accepted.entry()), order, left);
                        return accepted.isNew() ? taken.invoke(end -> count(order, end)) : taken;
                    })
                    .map(OrderPlacement::answer);
        });
    }

    /// Accepts an order unless its guest has too many units. One that was taken before stays taken, and its
    /// units do not count again.
    private Uni<Accepted> admitted(String id, NewOrder order, Uni<Accepted> accept) {
        var refusal = guests.take(order);
        if (refusal.isPresent()) {
            return journal.find(id)
                    .onFailure()
                    .transform(_ -> refusal.get())
                    .chain(found ->
                            found.isPresent() ? accept : Uni.createFrom().failure(refusal.get()));
        }
        return accept.invoke(accepted -> {
                    if (!accepted.isNew()) guests.giveBack(order);
                })
                .onFailure()
                .invoke(_ -> guests.giveBack(order));
    }

    /// The entry at these prices. When the catalog fails, the journal's entry is used, so that a retry does not
    /// fail too.
    private Uni<JournalEntry> entry(String id, NewOrder order, Uni<Map<String, PricedProduct>> prices) {
        return prices.map(known -> OrderPayload.toEntry(pricing.price(id, order, known)))
                .onFailure(ProblemException.class)
                .recoverWithUni(failure -> journal.find(id)
                        .onFailure()
                        .transform(_ -> failure)
                        .map(found -> found.orElseThrow(() -> failure)));
    }

    private Uni<Order> finish(StoredOrder accepted, NewOrder order, Duration left) {
        if (!accepted.isOf(order.payloadHash(), pricing.address(order))) throw keyReused();
        if (!accepted.order().isOpen()) return Uni.createFrom().item(accepted.order());
        // Continues in the background when the time for the response is up.
        var running = settling.computeIfAbsent(accepted.id(), _ -> settleNow(accepted, left));
        running.subscribe().with(_ -> {}, failure -> stayOpen(accepted, failure));
        var settled = CallerContext.resumeOn(running)
                .ifNoItem()
                .after(left.isPositive() ? left : Duration.ofMillis(1))
                .recoverWithItem(accepted)
                .onFailure(ProblemException::isUnavailable)
                .recoverWithItem(accepted);
        // The bulkhead bounds how many wait here, and a writer that is away is no reason to refuse other requests.
        return RequestUnderWay.aside(settled).map(end -> {
            if (!end.isSameRequest(accepted)) throw keyReused();
            return end.order();
        });
    }

    private Uni<StoredOrder> settleNow(StoredOrder accepted, Duration left) {
        return admission
                .place(accepted, left, settlement.settle(accepted))
                // An entry that a cancellation has reopened is closed by the cancellation, or by the settler.
                .call(end -> settlement.close(accepted, end, Instant.EPOCH))
                .onTermination()
                .invoke(() -> settling.remove(accepted.id()))
                .memoize()
                .indefinitely();
    }

    private static void stayOpen(StoredOrder accepted, Throwable failure) {
        Log.debugf("order stays accepted orderId=%s: %s", accepted.id(), failure.getMessage());
    }

    private void count(NewOrder order, Order taken) {
        if (taken.status() == Order.Status.REJECTED) guests.giveBack(order);
        var outcome = taken.status().name().toLowerCase(Locale.ROOT);
        meters.counter("meridian.orders.taken", "outcome", outcome).increment();
        Log.infof(
                "order taken orderId=%s outcome=%s lines=%d",
                taken.id(), outcome, taken.items().size());
    }

    private static ProblemException keyReused() {
        return new ProblemException(
                SharedProblem.IDEMPOTENCY_KEY_REUSED, "Another order was sent with this key before this one.");
    }

    /// Every retry of a rejected order gets the problem that it was rejected for.
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
