package dev.meridian.journal;

import dev.meridian.journal.JournalEntry.State;
import dev.meridian.journal.JournalEvent.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// The events of an order in the attributes of its entry: a time (`foundAt`) and a Region (`foundIn`) each. What
/// brought the entry into its closed state is `closedAt` and `closedIn`. The write that changes the state sets them
/// too, so the item that another Region replicates, whole, always has the event that led to its state.
final class EventAttributes {
    private static final Map<Kind, String> NAMES = new EnumMap<>(Map.of(
            Kind.CONFIRMED, "confirmed",
            Kind.LOST, "found",
            Kind.REPLAYED, "replayed",
            Kind.CANCEL_REQUESTED, "cancelRequested"));

    private EventAttributes() {}

    /// The events of an entry in the order of their times.
    ///
    /// @param texts the text of the attribute with a name, null when there is none
    static List<JournalEvent> read(UnaryOperator<String> texts) {
        var events = new EnumMap<Kind, JournalEvent>(Kind.class);
        events.put(
                Kind.ACCEPTED,
                new JournalEvent(Kind.ACCEPTED, Instant.parse(texts.apply("acceptedAt")), texts.apply("region")));
        NAMES.forEach((kind, name) -> add(events, kind, name, texts));
        var closing = closing(State.valueOf(texts.apply("state")), events.containsKey(Kind.LOST));
        if (!events.containsKey(closing)) add(events, closing, "closed", texts);
        var sorted = new ArrayList<>(events.values());
        sorted.sort(Comparator.comparing(JournalEvent::at));
        return sorted;
    }

    private static void add(Map<Kind, JournalEvent> events, Kind kind, String name, UnaryOperator<String> texts) {
        var at = texts.apply(name + "At");
        var in = texts.apply(name + "In");
        if (at != null) events.put(kind, new JournalEvent(kind, Instant.parse(at), "".equals(in) ? null : in));
    }

    private static Kind closing(State state, boolean wasLost) {
        return switch (state) {
            case ACCEPTED -> Kind.ACCEPTED;
            case CONFIRMED -> wasLost ? Kind.REPLAYED : Kind.CONFIRMED;
            case REJECTED -> Kind.REJECTED;
            case CANCELLED -> Kind.CANCELLED;
        };
    }
}
