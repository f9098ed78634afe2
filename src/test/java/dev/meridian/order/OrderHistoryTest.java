package dev.meridian.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.journal.JournalEvent;
import dev.meridian.journal.JournalEvent.Kind;
import dev.meridian.order.Order.Status;
import dev.meridian.order.OrderEvent.Type;
import dev.meridian.shared.Money;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OrderHistoryTest {
    private static final Instant TAKEN = Instant.parse("2026-11-21T07:01:33.123Z");

    private static Order order(Status status) {
        return new Order(
                "2GP53PP4VF4BYGPX59XX9CPEY6",
                status,
                null,
                TAKEN,
                "c-81",
                null,
                List.of(),
                Money.ZERO,
                Money.ZERO,
                Money.ZERO,
                "eu-west-1",
                null,
                null);
    }

    private static JournalEvent at(int second, Kind kind, String region) {
        return new JournalEvent(kind, TAKEN.plusSeconds(second), region);
    }

    private static List<Type> types(OrderHistory history) {
        return history.events().stream().map(OrderEvent::event).toList();
    }

    @Test
    void aReplayedOrderThatWasCancelledTellsAll() {
        var known = List.of(
                at(0, Kind.ACCEPTED, "eu-west-1"),
                at(1, Kind.CONFIRMED, "eu-west-1"),
                at(60, Kind.LOST, "us-east-1"),
                at(61, Kind.REPLAYED, "us-east-1"),
                at(90, Kind.CANCELLED, "eu-west-1"));
        var events = OrderHistory.of(order(Status.CANCELLED), known, null).events();
        assertEquals(
                List.of(
                        new OrderEvent(Type.ACCEPTED, Status.ACCEPTED, TAKEN, "eu-west-1"),
                        new OrderEvent(Type.CONFIRMED, Status.CONFIRMED, TAKEN.plusSeconds(1), "eu-west-1"),
                        new OrderEvent(Type.LOST, Status.ACCEPTED, TAKEN.plusSeconds(60), "us-east-1"),
                        new OrderEvent(Type.REPLAYED, Status.CONFIRMED, TAKEN.plusSeconds(61), "us-east-1"),
                        new OrderEvent(Type.CANCELLED, Status.CANCELLED, TAKEN.plusSeconds(90), "eu-west-1")),
                events);
    }

    @Test
    void whatOnlySqlKnowsIsTheLastEvent() {
        var known = List.of(at(0, Kind.ACCEPTED, "eu-west-1"), at(9, Kind.CANCEL_REQUESTED, "us-east-1"));
        var confirmed = OrderHistory.of(order(Status.CONFIRMED).cancelRequested(TAKEN.plusSeconds(9)), known, TAKEN);
        assertEquals(List.of(Type.ACCEPTED, Type.CONFIRMED, Type.CANCEL_REQUESTED), types(confirmed));
        assertEquals(
                new OrderEvent(Type.CONFIRMED, Status.CONFIRMED, TAKEN, null),
                confirmed.events().get(1));
        assertEquals(Status.CONFIRMED, confirmed.events().getLast().status());

        var cancelled = OrderHistory.of(order(Status.CANCELLED), known, TAKEN);
        assertEquals(List.of(Type.ACCEPTED, Type.CANCEL_REQUESTED, Type.CANCELLED), types(cancelled));
        assertNull(cancelled.events().getLast().at(), "the row does not say when");

        var withoutEntry = OrderHistory.of(order(Status.REJECTED), List.of(), TAKEN.plusSeconds(2));
        assertEquals(List.of(Type.ACCEPTED, Type.REJECTED), types(withoutEntry));
        assertEquals(TAKEN.plusSeconds(2), withoutEntry.events().getLast().at());
    }

    /// The clock of the Region that cancelled is behind.
    @Test
    void theEventOfTheStatusIsLastWhateverTheClocksSay() {
        var known = List.of(
                at(-5, Kind.CANCELLED, "us-east-1"),
                at(0, Kind.ACCEPTED, "eu-west-1"),
                at(1, Kind.CONFIRMED, "eu-west-1"));
        assertEquals(
                List.of(Type.ACCEPTED, Type.CONFIRMED, Type.CANCELLED),
                types(OrderHistory.of(order(Status.CANCELLED), known, null)));
    }

    @Test
    void whateverIsKnownTheLastEventAgreesWithTheOrder() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            var known = new ArrayList<JournalEvent>();
            for (var kind : Kind.values())
                if (random.nextInt(3) > 0) known.add(at(random.nextInt(-9, 99), kind, "us-east-1"));
            var order = order(Status.values()[random.nextInt(4)]);
            if (random.nextBoolean()) order = order.cancelRequested(TAKEN);
            var history = OrderHistory.of(order, known, random.nextBoolean() ? TAKEN : null);
            var what = "seed " + seed + ": " + order.status() + " " + known + " is " + history.events();
            assertEquals(order.status(), history.events().getLast().status(), what);
            assertEquals(Type.ACCEPTED, history.events().getFirst().event(), what);
            assertEquals(history.events().size(), new HashSet<>(types(history)).size(), what);
            assertTrue(history.events().size() <= Type.values().length, what);
        }
    }
}
