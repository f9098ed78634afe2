package dev.meridian.ticket;

import dev.meridian.shared.Ids;
import dev.meridian.shared.Page;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.RegionConfig;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;

/// Reads tickets from their item and their changes, and changes them.
///
/// A change is decided by the item: it is written on condition that it is still as it was read. Then the change is
/// stored as an item of its own, and only then the client is answered, so no write of another Region can overwrite
/// what was acknowledged. What a process left undone, the next reader or writer of the ticket does.
@ApplicationScoped
class TicketEditor {
    private static final int AT_ONCE = 8;

    private final TicketRepository tickets;
    private final TicketChangeRepository changes;
    private final TicketRetentionRepository doomed;
    private final TicketConfig config;
    private final String region;

    TicketEditor(
            TicketRepository tickets,
            TicketChangeRepository changes,
            TicketRetentionRepository doomed,
            TicketConfig config,
            RegionConfig region) {
        this.doomed = doomed;
        this.tickets = tickets;
        this.changes = changes;
        this.config = config;
        this.region = region.name();
    }

    /// Reads a ticket, strongly consistent in this Region, and repairs its item when another Region's write has
    /// replaced a later state there.
    Uni<Optional<TicketState>> read(String id) {
        return find(id).call(found -> found.filter(TicketState::isOutdated)
                .map(this::repair)
                .orElseGet(() -> Uni.createFrom().nullItem()));
    }

    /// The item and the changes are read side by side. One that is written meanwhile is in both, or in either.
    private Uni<Optional<TicketState>> find(String id) {
        return Uni.combine()
                .all()
                .unis(tickets.find(id), changes.find(id, config.changesMax(), Optional.empty()))
                .with((stored, page) -> stored.map(item -> TicketState.of(item, page)));
    }

    /// One of the following pages of changes.
    Uni<Page<StoredChange>> older(String id, int limit, String cursor) {
        return changes.find(id, limit, Optional.of(cursor));
    }

    /// The item is only what the list shows: the answer does not need it.
    private Uni<Void> repair(TicketState state) {
        return keep(state)
                .chain(() -> tickets.update("ticket-repair", state.repaired(), state.stored()))
                .onFailure(ProblemException::isUnavailable)
                .invoke(failure -> Log.debugf("ticket not repaired in the list: %s", failure.getMessage()))
                .onFailure(ProblemException::isUnavailable)
                .recoverWithItem(false)
                .replaceWithVoid();
    }

    /// Stores the change that is only in the item, before the item gets another.
    private Uni<Void> keep(TicketState state) {
        return state.isKept()
                ? Uni.createFrom().voidItem()
                : changes.put(state.ticket().id(), state.stored().change());
    }

    /// Changes a ticket.
    ///
    /// @param expectedVersion the version that the client saw; empty for whatever is there now
    /// @return the ticket afterwards; empty when there is none
    /// @throws ProblemException 409 when it has another version, or is changed by others all the time
    Uni<Optional<Ticket>> change(Ticket wanted, Optional<Long> expectedVersion) {
        return change(wanted, expectedVersion, config.updateAttempts());
    }

    private Uni<Optional<Ticket>> change(Ticket wanted, Optional<Long> expectedVersion, int attempts) {
        return find(wanted.id()).chain(found -> {
            if (found.isEmpty()) return Uni.createFrom().item(Optional.empty());
            var before = found.get();
            boolean isStale = expectedVersion
                    .filter(version -> version != before.ticket().version())
                    .isPresent();
            if (isStale || attempts < 1) throw stale(before.ticket());
            var key =
                    StoredChange.key(Instant.now(), before.changes().getFirst().key(), region, Ids.ulid());
            var after = before.changed(wanted, key);
            return keep(before)
                    .chain(() -> tickets.update("ticket-update", after, before.stored()))
                    .chain(isDone -> isDone
                            ? changes.put(wanted.id(), after.change()).replaceWith(Optional.of(after.ticket()))
                            : change(wanted, expectedVersion, attempts - 1));
        });
    }

    private static ProblemException stale(Ticket now) {
        return new ProblemException(
                TicketProblem.STALE_TICKET, "Ticket " + now.id() + " is at version " + now.version() + " now.");
    }

    /// Deletes a ticket with its changes, if it is still as it was read. Changes go first, so that none is left
    /// without its ticket; one that meets another change of the ticket leaves that one.
    ///
    /// @return whether it is gone
    Uni<Boolean> delete(TicketState state) {
        var id = state.ticket().id();
        return deleteChanges(id, new Page<>(state.changes(), state.next())).chain(() -> doomed.delete(state.stored()));
    }

    private Uni<Void> deleteChanges(String id, Page<StoredChange> page) {
        return Multi.createFrom()
                .iterable(page.items())
                .onItem()
                .transformToUni(change -> changes.delete(id, change))
                .merge(AT_ONCE)
                .collect()
                .last()
                .chain(() -> page.next().isEmpty()
                        ? Uni.createFrom().voidItem()
                        : older(id, config.changesMax(), page.next().get()).chain(next -> deleteChanges(id, next)));
    }
}
