package dev.meridian.order;

import dev.meridian.journal.JournalEvent;
import dev.meridian.order.Order.Status;
import dev.meridian.order.OrderEvent.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// An order and what happened to it.
///
/// @param order the order
/// @param events what happened, the first thing first. The last one has the order's status
public record OrderHistory(Order order, List<OrderEvent> events) {
    public OrderHistory {
        events = List.copyOf(events);
    }

    /// Puts together what the stores have. Regions have clocks of their own, and SQL may have settled an order of
    /// which the journal does not know it: so the event that made the order's status is the last one whatever its
    /// time, but for a cancellation that is asked for and not carried out.
    ///
    /// @param order the order as it is now
    /// @param known what the journal has, in the order of the times; empty when it has no entry
    /// @param settledAt when SQL's row was written; null when it was not read
    static OrderHistory of(Order order, List<JournalEvent> known, Instant settledAt) {
        boolean wasLost = known.stream().anyMatch(event -> event.kind() == JournalEvent.Kind.LOST);
        var now = now(order.status(), wasLost);
        var pending = order.cancelRequestedAt() == null ? null : Type.CANCEL_REQUESTED;
        var events = new ArrayList<OrderEvent>();
        add(events, Type.ACCEPTED, order.createdDate(), order.region());
        known.stream()
                .filter(event -> type(event) != Type.ACCEPTED && type(event) != now && type(event) != pending)
                // Before SQL has decided nothing else can have happened.
                .filter(event -> now != Type.ACCEPTED || type(event) == Type.CANCEL_REQUESTED)
                .sorted(Comparator.comparing(JournalEvent::at))
                .forEach(event -> add(events, type(event), event.at(), event.region()));
        if (now != Type.ACCEPTED) add(events, now, known, order.status() == Status.CANCELLED ? null : settledAt);
        if (pending != null) add(events, pending, known, order.cancelRequestedAt());
        return new OrderHistory(order, events);
    }

    /// What brought an order to its status.
    private static Type now(Status status, boolean wasLost) {
        return switch (status) {
            case ACCEPTED -> wasLost ? Type.LOST : Type.ACCEPTED;
            case CONFIRMED -> wasLost ? Type.REPLAYED : Type.CONFIRMED;
            case REJECTED -> Type.REJECTED;
            case CANCELLED -> Type.CANCELLED;
        };
    }

    private static void add(List<OrderEvent> events, Type type, List<JournalEvent> known, Instant otherwiseAt) {
        var event = known.stream().filter(one -> type(one) == type).findFirst();
        if (event.isPresent()) add(events, type, event.get().at(), event.get().region());
        else add(events, type, otherwiseAt, null);
    }

    private static void add(List<OrderEvent> events, Type type, Instant at, String region) {
        var before = events.isEmpty() ? Status.ACCEPTED : events.getLast().status();
        events.add(new OrderEvent(type, after(type, before), at, region));
    }

    private static Status after(Type type, Status before) {
        return switch (type) {
            case ACCEPTED, LOST -> Status.ACCEPTED;
            case CONFIRMED, REPLAYED -> Status.CONFIRMED;
            case CANCEL_REQUESTED -> before;
            case REJECTED -> Status.REJECTED;
            case CANCELLED -> Status.CANCELLED;
        };
    }

    private static Type type(JournalEvent event) {
        return Type.valueOf(event.kind().name());
    }
}
