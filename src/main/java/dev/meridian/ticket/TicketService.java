package dev.meridian.ticket;

import dev.meridian.shared.Ids;
import dev.meridian.shared.Page;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/// Support tickets: create, change, read, list.
@ApplicationScoped
public class TicketService {
    /// Text of people: line breaks and tabs, no other control characters, no half of a surrogate pair.
    private static final Pattern TEXT = Pattern.compile("[[^\\p{Cc}\\p{Cs}]\\n\\r\\t]{10,2000}");

    private static final Pattern NAME = Pattern.compile("[^\\p{Cc}\\p{Cs}]*");

    private final TicketRepository tickets;
    private final TicketEditor editor;
    private final TicketConfig config;
    private final Counter created;

    TicketService(TicketRepository tickets, TicketEditor editor, TicketConfig config, MeterRegistry meters) {
        this.tickets = tickets;
        this.editor = editor;
        this.config = config;
        this.created = meters.counter("meridian.tickets");
    }

    /// Creates a ticket. The same idempotency key makes the same ticket in every Region, and answers it again
    /// as it is by then.
    ///
    /// @param draft the ticket without an id; without a time it is created now
    /// @param idempotencyKey of the caller
    /// @param customer who calls, where that is known
    /// @throws ProblemException 400 for a wrong value, 422 when the key was used for another ticket
    public Uni<Ticket> create(Ticket draft, Optional<String> idempotencyKey, Optional<String> customer) {
        check(draft);
        var id = idempotencyKey.map(key -> Ids.derive("ticket", key)).orElseGet(Ids::ulid);
        var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        var ticket = new Ticket(
                id,
                draft.description(),
                draft.assigned(),
                draft.priority(),
                draft.status(),
                draft.createdBy(),
                draft.createdOn() == null ? now : draft.createdOn(),
                1);
        var hash = hash(draft);
        return tickets.create(new StoredTicket(ticket, hash, customer.orElse(draft.createdBy()), null, 0))
                .chain(stored -> {
                    if (!stored.requestHash().equals(hash)) {
                        throw new ProblemException(
                                SharedProblem.IDEMPOTENCY_KEY_REUSED, "The key belongs to another ticket, " + id + ".");
                    }
                    if (stored.ticket() == ticket) {
                        created.increment();
                        Log.infof("ticket created ticketId=%s", id);
                    }
                    return stored.ticket().version() == 1 ? Uni.createFrom().item(stored.ticket()) : get(id);
                });
    }

    /// Changes a ticket; who created it, and when, stays.
    ///
    /// @param expectedVersion the version the client last saw; empty to change whatever is stored now
    /// @throws ProblemException 400 for a wrong value, 404 for an unknown id, 409 when the version is stale
    ///     or others change the ticket all the time
    public Uni<Ticket> update(Ticket ticket, Optional<Long> expectedVersion) {
        check(ticket);
        return editor.change(ticket, expectedVersion).map(changed -> known(changed, ticket.id()));
    }

    private static <T> T known(Optional<T> found, String id) {
        return found.orElseThrow(() -> new ProblemException(TicketProblem.UNKNOWN_TICKET, "No ticket " + id + "."));
    }

    /// @throws ProblemException 404 for an unknown id
    public Uni<Ticket> get(String id) {
        return editor.read(id).map(found -> known(found, id).ticket());
    }

    /// One page of a ticket's changes, newest first, strongly consistent; the last one is what it was created with.
    ///
    /// @param limit 1 to `meridian.ticket.changes-max`
    /// @throws ProblemException 400 for a limit or cursor that is none, 404 for an unknown id
    public Uni<Page<TicketChange>> changes(String id, int limit, Optional<String> cursor) {
        if (limit < 1 || limit > config.changesMax()) {
            throw ProblemException.invalid("limit", "must be 1 to " + config.changesMax());
        }
        return editor.read(id)
                .map(found -> known(found, id))
                .chain(state -> cursor.map(below -> editor.older(id, limit, below))
                        .orElseGet(() -> Uni.createFrom().item(state.first(limit)))
                        .map(page -> new Page<>(
                                page.items().stream()
                                        .map(change -> change.toChange(state.ticket()))
                                        .toList(),
                                page.next())));
    }

    /// One page of all tickets, newest first; eventually consistent.
    ///
    /// @param limit 1 to `meridian.ticket.list-max`
    /// @throws ProblemException 400 for a limit or cursor that is none
    public Uni<Page<Ticket>> list(int limit, Optional<String> cursor) {
        if (limit < 1 || limit > config.listMax()) {
            throw ProblemException.invalid("limit", "must be 1 to " + config.listMax());
        }
        return tickets.list(limit, cursor);
    }

    private void check(Ticket draft) {
        if (draft.description().isBlank() || !TEXT.matcher(draft.description()).matches()) {
            throw ProblemException.invalid("description", "must be 10 to 2000 characters of text");
        }
        if (!isName(draft.assigned())) {
            throw ProblemException.invalid("assigned", "must be at most " + config.nameMax() + " characters of text");
        }
        if (draft.createdBy().isBlank() || !isName(draft.createdBy())) {
            throw ProblemException.invalid("createdBy", "must be 1 to " + config.nameMax() + " characters of text");
        }
        var time = draft.createdOn();
        if (time != null
                && (time.isBefore(Instant.EPOCH) || time.isAfter(Instant.now().plus(config.futureMax())))) {
            throw ProblemException.invalid("createdOn", "lies before 1970 or in the future");
        }
    }

    private boolean isName(String text) {
        return text.codePointCount(0, text.length()) <= config.nameMax()
                && NAME.matcher(text).matches();
    }

    /// What makes two requests the same.
    private static String hash(Ticket draft) {
        return Ids.hash(
                draft.description(),
                draft.assigned(),
                draft.priority().value(),
                draft.status().value(),
                draft.createdBy(),
                draft.createdOn() == null ? "" : draft.createdOn().toString());
    }
}
