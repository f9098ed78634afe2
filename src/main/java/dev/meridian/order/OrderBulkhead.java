package dev.meridian.order;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/// Decides which orders go to the SQL writer now, which wait, and which are left to the settler. So neither one
/// product nor a slow writer takes all connections. Does no I/O and takes no lock: each method is one
/// event, and returns the tickets that it changed. All times are in nanoseconds.
///
/// - **Start.** At most [Limits#statements] orders run at once, and for each product at most
///   [Limits#productStatements], or as many as fill the round trip to a writer that is further away. An order
///   takes the permits of all its products at once, so that no two orders wait for each other.
/// - **Wait.** Orders wait in the sequence of their arrival. A later one overtakes an earlier one whose
///   products are busy, unless the earlier one is the first for each of its products. So nobody waits for
///   ever.
/// - **Refuse.** A queue is full; or the time left is shorter than the measured wait, when the order arrives
///   or when its turn comes. So no permit is spent on an answer that comes too late.
///
/// What is in memory is bounded by the orders that run and wait: a product without any is forgotten.
final class OrderBulkhead {
    /// The wait is measured for the answer of SQL. The journal follows, and the next answers may be slower.
    private static final long MARGIN_PERCENT = 125;

    /// A writer with a shorter round trip is beside this process, in the same Region.
    private static final long NEAR = 5_000_000;

    private final Limits limits;
    private final LongSupplier roundTrip;
    private final LongSupplier clock;
    private final Lane all = new Lane();
    /// The products that are in memory.
    final Map<String, Lane> lanes = new HashMap<>();
    private final Set<Ticket> waiting = new LinkedHashSet<>();
    /// What the current event changes.
    private List<Ticket> changed = new ArrayList<>();

    /// @param roundTrip to the SQL writer, as far as it is known; else 0
    OrderBulkhead(Limits limits, LongSupplier roundTrip, LongSupplier clock) {
        this.limits = limits;
        this.roundTrip = roundTrip;
        this.clock = clock;
    }

    /// @param statements orders that run at once
    /// @param productStatements orders of one product that run at once, where the writer is near
    /// @param queue orders that wait
    /// @param productQueue orders of one product that wait
    record Limits(int statements, int productStatements, int queue, int productQueue) {}

    /// Why an order is not settled now.
    enum Refusal {
        /// Too many orders wait, in all or for one of its products.
        QUEUE_FULL,
        /// The time left is shorter than the measured wait.
        WAIT_TOO_LONG,
        /// Its turn did not come in time.
        TIME_UP
    }

    private enum State {
        WAITING,
        RUNNING,
        ENDED
    }

    /// One order on its way. Its owner completes `turn` when an event changes it: the order has started or is
    /// refused.
    static final class Ticket {
        final CompletableFuture<Void> turn = new CompletableFuture<>();
        final long deadline;
        private final Collection<String> products;
        private final boolean isSettlement;
        private State state = State.WAITING;
        private Refusal refusal;
        private long startedAt;

        /// @param products each once
        /// @param deadline when the answer must be there
        /// @param isSettlement whether no client waits for it
        Ticket(Collection<String> products, long deadline, boolean isSettlement) {
            this.products = products;
            this.deadline = deadline;
            this.isSettlement = isSettlement;
        }

        /// Null for an order that has started.
        Refusal refusal() {
            return refusal;
        }
    }

    /// One product, or all together.
    static final class Lane {
        int running;
        int waiting;
        int settlementsWaiting;
        private long answeredAt = Long.MIN_VALUE;
        private AnswerGaps gaps;

        void answered(Ticket ticket, long now) {
            running--;
            if (gaps == null) gaps = new AnswerGaps();
            gaps.add(now - Math.max(answeredAt, ticket.startedAt));
            answeredAt = now;
        }

        /// How far its answers are apart; 0 when that is not known yet.
        long gap() {
            return gaps == null ? 0 : gaps.typical();
        }
    }

    /// How many run.
    int running() {
        return all.running;
    }

    /// How many wait.
    int waiting() {
        return waiting.size();
    }

    /// An order arrives: it starts, waits, or is refused.
    List<Ticket> enter(Ticket ticket) {
        var own = ticket.products.stream()
                .map(product -> lanes.computeIfAbsent(product, _ -> new Lane()))
                .toList();
        boolean isFree = all.running < limits.statements && own.stream().allMatch(this::isFree);
        if (isFree && own.stream().allMatch(lane -> lane.waiting == 0)) {
            start(ticket);
            return take();
        }
        enqueue(ticket);
        if (isFree) admit();
        if (ticket.state == State.WAITING) {
            var refusal = refusal(ticket, own);
            if (refusal != null) refuse(ticket, refusal);
        }
        return take();
    }

    /// The time of an order is up. One that has started goes on.
    List<Ticket> expire(Ticket ticket) {
        if (ticket.state != State.WAITING) return List.of();
        refuse(ticket, Refusal.TIME_UP);
        admit();
        return take();
    }

    /// An order is answered, or its caller is gone.
    List<Ticket> leave(Ticket ticket) {
        if (ticket.state != State.RUNNING) return expire(ticket);
        ticket.state = State.ENDED;
        var now = clock.getAsLong();
        all.answered(ticket, now);
        for (var product : ticket.products) {
            lanes.get(product).answered(ticket, now);
            forgetUnused(product);
        }
        admit();
        return take();
    }

    private List<Ticket> take() {
        var taken = changed;
        changed = new ArrayList<>();
        return taken;
    }

    /// Starts all that may start.
    private void admit() {
        // The products that an earlier order waits for, and those that an earlier order lets nobody else have.
        var wanted = new HashSet<String>();
        var kept = new HashSet<String>();
        for (var ticket : List.copyOf(waiting)) {
            if (all.running >= limits.statements) return;
            if (Collections.disjoint(kept, ticket.products)
                    && ticket.products.stream().map(lanes::get).allMatch(this::isFree)) {
                if (isTooLate(ticket)) {
                    refuse(ticket, Refusal.WAIT_TOO_LONG);
                } else {
                    dequeue(ticket);
                    start(ticket);
                }
            } else {
                if (Collections.disjoint(wanted, ticket.products)) kept.addAll(ticket.products);
                wanted.addAll(ticket.products);
            }
        }
    }

    private boolean isFree(Lane lane) {
        return lane.running < Math.min(limits.statements, limits.productStatements + onTheWay(lane));
    }

    /// How many orders of a product are on the way to the writer and back while it is at work on another one.
    /// Leaves permits for other products.
    private long onTheWay(Lane lane) {
        long distance = roundTrip.getAsLong();
        if (distance < NEAR) return 0;
        long most = Math.max(0, limits.statements - 2L * limits.productStatements);
        long gap = lane.gap();
        return gap == 0 ? most : Math.min(most, distance / gap);
    }

    private void start(Ticket ticket) {
        ticket.state = State.RUNNING;
        ticket.startedAt = clock.getAsLong();
        all.running++;
        ticket.products.forEach(product -> lanes.get(product).running++);
        changed.add(ticket);
    }

    private void enqueue(Ticket ticket) {
        waiting.add(ticket);
        for (var product : ticket.products) {
            var lane = lanes.get(product);
            lane.waiting++;
            if (ticket.isSettlement) lane.settlementsWaiting++;
        }
    }

    private void dequeue(Ticket ticket) {
        waiting.remove(ticket);
        for (var product : ticket.products) {
            var lane = lanes.get(product);
            lane.waiting--;
            if (ticket.isSettlement) lane.settlementsWaiting--;
        }
    }

    private void refuse(Ticket ticket, Refusal why) {
        dequeue(ticket);
        ticket.products.forEach(this::forgetUnused);
        ticket.state = State.ENDED;
        ticket.refusal = why;
        changed.add(ticket);
    }

    private void forgetUnused(String product) {
        var lane = lanes.get(product);
        if (lane.running == 0 && lane.waiting == 0) lanes.remove(product);
    }

    /// Why an order that has begun to wait must not; null when it may.
    private Refusal refusal(Ticket ticket, List<Lane> own) {
        if (waiting.size() > limits.queue || own.stream().anyMatch(lane -> isFull(lane, ticket)))
            return Refusal.QUEUE_FULL;
        long wait = own.stream()
                .mapToLong(lane -> (lane.running + lane.waiting) * lane.gap())
                .max()
                .orElse(0);
        if (all.running >= limits.statements) wait = Math.max(wait, (all.running + waiting.size()) * all.gap());
        return isLonger(wait, ticket) ? Refusal.WAIT_TOO_LONG : null;
    }

    /// While clients wait for a product, few settlements wait with them.
    private boolean isFull(Lane lane, Ticket ticket) {
        return lane.waiting > limits.productQueue
                || ticket.isSettlement
                        && lane.settlementsWaiting > limits.productStatements
                        && lane.waiting > lane.settlementsWaiting;
    }

    private boolean isTooLate(Ticket ticket) {
        long wait = ticket.products.stream()
                .map(lanes::get)
                .mapToLong(lane -> (lane.running + 1) * lane.gap())
                .max()
                .orElse(0);
        return isLonger(wait, ticket);
    }

    private boolean isLonger(long wait, Ticket ticket) {
        return wait * MARGIN_PERCENT / 100 > ticket.deadline - clock.getAsLong();
    }
}
