package dev.meridian.order;

import dev.meridian.journal.JournalService;
import dev.meridian.order.Order.Status;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.RegionConfig;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;

/// Settles accepted orders: SQL decides, then the journal entry is closed. Both steps may run any number of
/// times, in any Region, concurrently: the first row under the order's id decides for all, its amounts too.
@ApplicationScoped
class OrderSettlement {
    private static final String DOUBT = " (accepted before the SQL writer was replaced, may have been confirmed)";

    /// For so long another Region may go on with a writer that was replaced. Much longer than it should: an order
    /// too many in the report does no harm.
    private static final Duration MAY_GO_ON = Duration.ofDays(1);

    private final OrderWriterRepository writer;
    private final OrderRepository orders;
    private final JournalService journal;
    private final MissingOrders reported;
    private final String region;

    OrderSettlement(
            OrderWriterRepository writer,
            OrderRepository orders,
            JournalService journal,
            MissingOrders reported,
            RegionConfig region) {
        this.writer = writer;
        this.orders = orders;
        this.journal = journal;
        this.reported = reported;
        this.region = region.name();
    }

    /// Lets the SQL writer decide about an accepted order.
    ///
    /// @return what SQL now has under the order's id: this order as confirmed, rejected or cancelled; or the
    ///     order that took the id first (two Regions, one key), of this request or of another one
    /// @throws ProblemException 503 when the writer does not answer; the entry stays open
    Uni<StoredOrder> settle(StoredOrder accepted) {
        return reportLoss(accepted).chain(order -> order.isCancelRequested() ? cancel(order) : decide(order));
    }

    private Uni<StoredOrder> decide(StoredOrder accepted) {
        return writer.settle(accepted)
                .chain(decision -> decision.isOf(accepted)
                        ? Uni.createFrom().item(accepted.with(decision.status(), decision.reason()))
                        : row(accepted.id()));
    }

    private Uni<StoredOrder> row(String id) {
        return orders.findOnWriter(id).map(found -> found.orElseThrow(OrderSettlement::lostMeanwhile));
    }

    private static ProblemException lostMeanwhile() {
        return ProblemException.unavailable("PostgreSQL lost the order meanwhile.", null);
    }

    /// A cancellation opened the entry of an order that was confirmed. If the writer lacks it, a failover lost it,
    /// and it is put into the report before SQL has a row again: from then on nothing else would show the loss.
    private Uni<StoredOrder> reportLoss(StoredOrder order) {
        if (order.confirmedAt() == null || order.isReplay())
            return Uni.createFrom().item(order);
        return orders.findOnWriter(order.id())
                .chain(row -> row.isPresent()
                        ? Uni.createFrom().item(order)
                        : journal.markLost(order.id(), order.payloadHash(), order.confirmedAt())
                                .invoke(isMarked -> {
                                    if (!isMarked) return;
                                    reported.add(order.id());
                                    Log.warnf(
                                            "confirmed order is missing on the writer orderId=%s customerId=%s",
                                            order.id(), order.order().customerId());
                                })
                                .replaceWith(order.asReplay()));
    }

    /// An order without a row gets one that is cancelled and takes no stock; one that is confirmed meanwhile is
    /// cancelled and gives its stock back.
    private Uni<StoredOrder> cancel(StoredOrder order) {
        var cancelled = order.with(Status.CANCELLED, null);
        return writer.restore(cancelled)
                .chain(isDone -> isDone
                        ? Uni.createFrom().item(cancelled)
                        : writer.cancel(order.id())
                                .chain(row -> row.isPresent() ? Uni.createFrom().item(row.get()) : row(order.id())))
                .invoke(end -> {
                    if (end.status() == Status.CONFIRMED) throw lostMeanwhile();
                });
    }

    /// Closes the journal entry of a settled order. When this fails, nothing is lost: the entry stays open and
    /// is settled again, with the same outcome.
    ///
    /// An order that is rejected after the writer was replaced, and was accepted before, is reported: a Region
    /// whose entry has not arrived here, or has arrived too late, may have said that it is confirmed.
    ///
    /// @param accepted the order as the journal has it
    /// @param end what [#settle] returned
    /// @param reopenedBefore see [JournalService#close]
    /// @return whether this call closed the entry
    Uni<Boolean> close(StoredOrder accepted, StoredOrder end, Instant reopenedBefore) {
        var entry = OrderPayload.toEntry(end);
        if (accepted.isCancelRequested())
            return journal.overwrite(entry)
                    .chain(() -> journal.endCancelRequest(end.id()))
                    .replaceWith(true);
        if (!end.isSameRequest(accepted)) return journal.overwrite(entry).replaceWith(true);
        boolean isReplay = accepted.isReplay() || end.isReplay();
        return !isReplay && isDoubtful(accepted, end)
                ? journal.closeAndReport(entry, reopenedBefore, entry.reason() + DOUBT)
                : journal.close(entry, reopenedBefore, isReplay);
    }

    private boolean isDoubtful(StoredOrder accepted, StoredOrder end) {
        if (end.status() != Status.REJECTED) return false;
        var changed = writer.changedAt();
        boolean isForeign = !accepted.order().region().equals(region);
        return accepted.order().createdDate().isBefore(isForeign ? changed.plus(MAY_GO_ON) : changed);
    }
}
