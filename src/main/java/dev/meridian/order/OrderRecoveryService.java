package dev.meridian.order;

import dev.meridian.journal.ClosedEntry;
import dev.meridian.journal.JournalEntry;
import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/// The face of orders for `recovery`: settle an open journal entry, compare closed ones with SQL. Both may run
/// any number of times, in many processes and Regions at once.
@ApplicationScoped
public class OrderRecoveryService {
    private final OrderSettlement settlement;
    private final OrderAdmission admission;
    private final OrderRecheck recheck;
    private final MissingOrders reported;

    OrderRecoveryService(
            OrderSettlement settlement, OrderAdmission admission, OrderRecheck recheck, MissingOrders reported) {
        this.settlement = settlement;
        this.admission = admission;
        this.recheck = recheck;
        this.reported = reported;
    }

    /// Settles an open entry: the SQL writer decides, then the entry is closed.
    ///
    /// @param reopenedBefore entries that a cancellation reopened at or after this time stay open
    /// @throws ProblemException 503 when a store does not answer; the entry stays open
    public Uni<SettlementOutcome> settle(JournalEntry entry, Instant reopenedBefore) {
        return Uni.createFrom().deferred(() -> settle(OrderPayload.toOrder(entry), reopenedBefore));
    }

    private Uni<SettlementOutcome> settle(StoredOrder accepted, Instant reopenedBefore) {
        var settled = settlement.settle(accepted);
        // What is cancelled takes no stock, so it does not wait for its products.
        return (accepted.isCancelRequested() ? settled : admission.settle(accepted, settled))
                .chain(end -> settlement
                        .close(accepted, end, reopenedBefore)
                        .map(isClosed -> isClosed ? outcome(accepted, end) : SettlementOutcome.UNCHANGED))
                .onFailure(OrderAdmission::isBusy)
                .recoverWithItem(SettlementOutcome.UNCHANGED);
    }

    private static SettlementOutcome outcome(StoredOrder accepted, StoredOrder end) {
        if (!end.isSameRequest(accepted) || end.status() == Order.Status.REJECTED) return SettlementOutcome.REJECTED;
        if (end.status() == Order.Status.CANCELLED) return SettlementOutcome.CANCELLED;
        return accepted.isReplay() || end.isReplay() ? SettlementOutcome.REPLAYED : SettlementOutcome.CONFIRMED;
    }

    /// Compares closed entries with what the SQL writer has, and repairs what differs.
    ///
    /// @return one outcome for each entry that looked wrong at first
    /// @throws ProblemException 503 when a store does not answer; the call may be repeated
    public Uni<List<RecheckOutcome>> recheck(List<ClosedEntry> closed) {
        return recheck.check(closed);
    }

    /// Puts the orders into the report again that this process has put there in the last half hour and that
    /// another Region's write has removed.
    ///
    /// @throws ProblemException 503 when DynamoDB does not answer; the call may be repeated
    public Uni<Void> keepReport() {
        return reported.keep();
    }
}
