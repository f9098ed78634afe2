package dev.meridian.ticket;

import dev.meridian.shared.Cursor;
import dev.meridian.shared.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// A ticket as all that its Region has makes it: the latest change decides. Regions that have the same changes see
/// the same ticket, in whatever sequence the changes came.
///
/// @param stored the item as it was read
/// @param ticket the state, with the version of the whole history
/// @param changes the latest ones, newest first
/// @param isKept whether the item's own change is stored as one
/// @param next where the older changes go on, if there are more
record TicketState(
        StoredTicket stored, Ticket ticket, List<StoredChange> changes, boolean isKept, Optional<String> next) {
    /// @param page the latest changes, newest first
    static TicketState of(StoredTicket stored, Page<StoredChange> page) {
        var own = stored.change();
        var changes = new TreeMap<String, StoredChange>();
        page.items().forEach(change -> changes.put(change.key(), change));
        // An older one than those of the page was stored before them.
        boolean isKept = changes.containsKey(own.key())
                || page.next().isPresent() && own.key().compareTo(changes.firstKey()) < 0;
        if (!isKept) changes.put(own.key(), own);
        long version = 0;
        // Each change counts, also those of two Regions that made one version.
        for (var change : changes.values()) version = Math.max(version + 1, change.version());
        version = Math.max(version, stored.ticket().version());
        var newestFirst = new ArrayList<>(changes.descendingMap().values());
        return new TicketState(
                stored, with(stored.ticket(), newestFirst.getFirst(), version), newestFirst, isKept, page.next());
    }

    /// The first page of the changes.
    Page<StoredChange> first(int limit) {
        if (changes.size() <= limit) return new Page<>(changes, next);
        var page = changes.subList(0, limit);
        return new Page<>(page, Optional.of(Cursor.encode(page.getLast().key())));
    }

    /// Whether the item, and so the list, shows something else.
    boolean isOutdated() {
        return !stored.change().key().equals(changes.getFirst().key())
                || stored.ticket().version() != ticket.version();
    }

    /// The item with the latest state.
    StoredTicket repaired() {
        return item(ticket, changes.getFirst().key());
    }

    /// The item after one more change.
    ///
    /// @param wanted its state
    StoredTicket changed(Ticket wanted, String key) {
        return item(with(ticket, StoredChange.of(key, wanted), ticket.version() + 1), key);
    }

    private StoredTicket item(Ticket state, String key) {
        return new StoredTicket(state, stored.requestHash(), stored.ownerId(), key, state.version());
    }

    private static Ticket with(Ticket ticket, StoredChange change, long version) {
        return new Ticket(
                ticket.id(),
                change.description(),
                change.assigned(),
                change.priority(),
                change.status(),
                ticket.createdBy(),
                ticket.createdOn(),
                version);
    }
}
