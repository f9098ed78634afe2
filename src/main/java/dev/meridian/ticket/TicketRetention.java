package dev.meridian.ticket;

import dev.meridian.retention.PersonalData;
import dev.meridian.retention.Prunable;
import dev.meridian.retention.PrunedPage;
import dev.meridian.shared.NewerFormat;
import dev.meridian.shared.Page;
import dev.meridian.shared.PartCursor;
import dev.meridian.ticket.Ticket.Status;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Deletes closed tickets that are old, and those of customers who are erased. A customer's are those that were created
/// by a request of the customer, or say so in `createdBy`.
@ApplicationScoped
class TicketRetention implements Prunable, PersonalData {
    private static final int PAGE = 50;
    private static final int AT_ONCE = 4;

    private final TicketEditor editor;
    private final TicketRetentionRepository tickets;

    TicketRetention(TicketEditor editor, TicketRetentionRepository tickets) {
        this.editor = editor;
        this.tickets = tickets;
    }

    @Override
    public Kind kind() {
        return Kind.TICKETS;
    }

    @Override
    public Uni<PrunedPage> prune(Instant before, Optional<String> after, int limit, boolean isDryRun) {
        return tickets.createdBefore(before, after, limit)
                .chain(old -> each(old.closed(), state -> isOld(state, before) ? delete(state, isDryRun) : no())
                        .map(done -> new PrunedPage(old.seen(), count(done), old.next())));
    }

    private static int count(List<Boolean> done) {
        return (int) done.stream().filter(isDone -> isDone).count();
    }

    private Uni<Boolean> delete(TicketState state, boolean isDryRun) {
        return isDryRun ? Uni.createFrom().item(true) : editor.delete(state);
    }

    private static boolean isOld(TicketState state, Instant before) {
        var last = state.changes().getFirst().toChange(state.ticket()).changedAt();
        var changedAt = last == null ? state.ticket().createdOn() : last;
        return state.ticket().status() == Status.CLOSED && changedAt.isBefore(before);
    }

    private static Uni<Boolean> no() {
        return Uni.createFrom().item(false);
    }

    /// Does something with each ticket that is there.
    ///
    /// @return for each whether it was done; not for one that only a newer version can read
    private Uni<List<Boolean>> each(List<String> ids, Function<TicketState, Uni<Boolean>> step) {
        return Multi.createFrom()
                .iterable(ids)
                .onItem()
                .transformToUni(id -> editor.read(id)
                        .chain(found -> found.map(state -> step.apply(state).map(Optional::of))
                                .orElseGet(() -> Uni.createFrom().item(Optional.empty())))
                        .onFailure(NewerFormat::is)
                        .recoverWithItem(Optional.of(false)))
                .merge(AT_ONCE)
                .collect()
                .asList()
                .map(done -> done.stream().flatMap(Optional::stream).toList());
    }

    private Uni<Optional<TicketState>> read(String id) {
        return editor.read(id).onFailure(NewerFormat::is).recoverWithItem(Optional.empty());
    }

    @Override
    public String part() {
        return "tickets";
    }

    @Override
    public Uni<Page<Map<String, Object>>> export(Subject customer, Optional<String> after) {
        return page(customer, after)
                .chain(page -> Multi.createFrom()
                        .iterable(page.items())
                        .onItem()
                        .transformToUniAndConcatenate(this::read)
                        .collect()
                        .asList()
                        .map(found -> new Page<>(
                                found.stream()
                                        .flatMap(Optional::stream)
                                        .map(TicketRetention::toMap)
                                        .toList(),
                                page.next())));
    }

    /// The ids of tickets under one name after the other.
    private Uni<Page<String>> page(Subject customer, Optional<String> after) {
        var names = customer.names().stream().sorted().toList();
        var place = PartCursor.of(after);
        // The customer has fewer names than when the page before was made.
        if (place.part() >= names.size()) return Uni.createFrom().item(new Page<>(List.of(), Optional.empty()));
        return tickets.ofOwner(names.get(place.part()), place.after(), PAGE)
                .map(page -> new Page<>(page.items(), place.next(page.next(), names.size())));
    }

    private static Map<String, Object> toMap(TicketState state) {
        var map = new LinkedHashMap<String, Object>();
        var ticket = state.ticket();
        map.put("id", ticket.id());
        map.put("createdBy", ticket.createdBy());
        map.put("createdOn", ticket.createdOn().toString());
        map.put(
                "changes",
                state.changes().stream()
                        .map(change -> Map.of(
                                "version", change.version(),
                                "description", change.description(),
                                "assigned", change.assigned(),
                                "priority", change.priority().value(),
                                "status", change.status().value()))
                        .toList());
        return map;
    }

    /// A ticket that is changed at the same moment is left.
    @Override
    public Uni<ErasedPage> erase(Subject customer, Optional<String> after) {
        return page(customer, after)
                .chain(page -> each(page.items(), editor::delete)
                        .map(done -> new ErasedPage(count(done), done.size() - count(done), page.next())));
    }
}
