package dev.meridian.ticket;

import dev.meridian.shared.Ids;
import dev.meridian.shared.Page;
import dev.meridian.shared.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/// Support tickets: create, change, read, list.
@ApplicationScoped
public class TicketService {
    private final TicketRepository tickets;
    private final Counter created;

    TicketService(TicketRepository tickets, MeterRegistry meters) {
        this.tickets = tickets;
        this.created = meters.counter("meridian.tickets");
    }

    /// Creates a ticket. The same idempotency key makes the same ticket in every Region, and answers it again.
    ///
    /// @param draft the ticket without an id
    public Uni<Ticket> create(Ticket draft, Optional<String> idempotencyKey) {
        var id = idempotencyKey.map(key -> Ids.derive("ticket", key)).orElseGet(Ids::ulid);
        var ticket = new Ticket(
                id,
                draft.description(),
                draft.assigned(),
                draft.priority(),
                draft.status(),
                draft.createdBy(),
                draft.createdOn(),
                1);
        return tickets.create(ticket).invoke(stored -> {
            if (stored == ticket) {
                created.increment();
                Log.infof("ticket created ticketId=%s", id);
            }
        });
    }

    /// Changes a ticket.
    ///
    /// @param expectedVersion the version the client last saw; empty to take whatever is stored now
    /// @throws ProblemException 404 for an unknown id, 409 when the version is stale
    public Uni<Ticket> update(Ticket ticket, Optional<Long> expectedVersion) {
        return expectedVersion
                .map(version -> tickets.update(ticket, version))
                .orElseGet(() -> get(ticket.id()).chain(stored -> tickets.update(ticket, stored.version())))
                .chain(updated -> updated.isPresent()
                        ? Uni.createFrom().item(updated.get())
                        : get(ticket.id()).map(stored -> {
                            throw new ProblemException(
                                    TicketProblem.STALE_TICKET,
                                    "Ticket " + ticket.id() + " is at version " + stored.version() + " now.");
                        }));
    }

    /// @throws ProblemException 404 for an unknown id
    public Uni<Ticket> get(String id) {
        return tickets.find(id)
                .map(found -> found.orElseThrow(
                        () -> new ProblemException(TicketProblem.UNKNOWN_TICKET, "No ticket " + id + ".")));
    }

    /// One page of all tickets, newest first; eventually consistent.
    ///
    /// @param limit 1 to 1,000
    public Uni<Page<Ticket>> list(int limit, Optional<String> cursor) {
        return tickets.list(limit, cursor);
    }
}
