package dev.meridian.order;

import dev.meridian.journal.JournalEvent;
import dev.meridian.journal.JournalService;
import dev.meridian.order.OrderRepository.Listed;
import dev.meridian.shared.Cursor;
import dev.meridian.shared.Page;
import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads orders from the journal and from SQL. The journal has every new order at once; SQL has all orders and
/// decides.
@ApplicationScoped
class OrderReader {
    /// What [dev.meridian.shared.Ids#derive] returns. No order has another id.
    private static final Pattern ID = Pattern.compile("[0-7][0-9A-HJKMNP-TV-Z]{25}");

    private static final Instant END_OF_TIME = Instant.parse("9999-12-31T23:59:59.999Z");
    private static final Comparator<Listed> NEWEST_FIRST =
            Comparator.comparing(Listed::createdAt).thenComparing(Listed::id).reversed();

    private final JournalService journal;
    private final OrderRepository orders;
    private final OrderConfig config;

    OrderReader(JournalService journal, OrderRepository orders, OrderConfig config) {
        this.journal = journal;
        this.orders = orders;
        this.config = config;
    }

    /// Reads an order, in one round trip when its journal entry is closed.
    ///
    /// @throws ProblemException 503 when a store that may have it does not answer
    Uni<Optional<Order>> get(String id) {
        return history(id).map(found -> found.map(OrderHistory::order));
    }

    /// As [#get], with what happened to the order. It costs the same.
    Uni<Optional<OrderHistory>> history(String id) {
        if (!ID.matcher(id).matches()) return Uni.createFrom().item(Optional.empty());
        return journal.find(id).onItemOrFailure().transformToUni((found, failure) -> {
            if (failure != null) return getWithoutJournal(id, failure);
            if (found.isEmpty()) return getFromSql(id);
            var order = shown(OrderPayload.toOrder(found.get()));
            var events = found.get().events();
            return found.get().isOpen()
                    ? getOpen(order, events)
                    : Uni.createFrom().item(Optional.of(OrderHistory.of(order, events, null)));
        });
    }

    /// The order of an entry as long as SQL does not say otherwise. One that a cancellation opened was confirmed.
    static Order shown(StoredOrder entry) {
        boolean wasConfirmed = entry.order().isOpen() && entry.confirmedAt() != null && !entry.isReplay();
        return wasConfirmed ? entry.order().with(Order.Status.CONFIRMED, null) : entry.order();
    }

    /// SQL may have settled an open entry already: the journal is closed a moment later.
    private Uni<Optional<OrderHistory>> getOpen(Order open, List<JournalEvent> events) {
        return orders.find(open.id())
                .onFailure(ProblemException::isUnavailable)
                .recoverWithItem(Optional.empty())
                .map(found -> Optional.of(found.map(row -> OrderHistory.of(
                                row.order().cancelRequested(open.cancelRequestedAt()), events, row.confirmedAt()))
                        .orElseGet(() -> OrderHistory.of(open, events, null))));
    }

    /// The reader may lag behind the writer, so only the writer can say that there is no such order.
    private Uni<Optional<OrderHistory>> getFromSql(String id) {
        return orders.find(id)
                .onFailure(ProblemException::isUnavailable)
                .recoverWithItem(Optional.empty())
                .chain(found -> found.isPresent() ? Uni.createFrom().item(found) : orders.findOnWriter(id))
                .map(found -> found.map(row -> OrderHistory.of(row.order(), List.of(), row.confirmedAt())));
    }

    /// An order that SQL lacks may be in the journal. When the journal does not answer, the call fails.
    private Uni<Optional<OrderHistory>> getWithoutJournal(String id, Throwable failure) {
        if (!ProblemException.isUnavailable(failure)) return Uni.createFrom().failure(failure);
        return getFromSql(id).map(found -> {
            if (found.isEmpty()) throw (ProblemException) failure;
            return found;
        });
    }

    /// One page of a customer's orders, newest first: those of SQL, and the open ones of the journal that SQL
    /// lacks.
    ///
    /// @throws ProblemException 400 when limit or cursor is not valid, 503 when SQL does not answer
    Uni<Page<Order>> list(String customerId, int limit, Optional<String> cursor) {
        if (limit < 1 || limit > config.pageSizeMax()) {
            throw ProblemException.invalid("limit", "must be 1 to " + config.pageSizeMax());
        }
        var start = cursor.map(OrderReader::start).orElse(new Start(END_OF_TIME, ""));
        var listed = orders.list(customerId, start.before(), start.beforeId(), limit + 1);
        // Orders of the same millisecond as the start are filtered below; a customer has few of them.
        var open = journal.findOpen(customerId, start.before(), limit + 1)
                .onFailure(ProblemException::isUnavailable)
                .recoverWithItem(List.of());
        return Uni.combine().all().unis(listed, open).asTuple().map(both -> {
            var byId = new LinkedHashMap<String, Listed>();
            both.getItem1().forEach(row -> byId.put(row.id(), row));
            OrderPayload.toOrders(both.getItem2()).stream()
                    .map(stored -> Listed.of(shown(stored)))
                    .filter(start::precedes)
                    .forEach(order -> byId.putIfAbsent(order.id(), order));
            return page(byId.values().stream().sorted(NEWEST_FIRST).toList(), limit);
        });
    }

    /// An order that cannot be read keeps its place, so that the next page begins after it.
    private static Page<Order> page(List<Listed> orders, int limit) {
        var shown = orders.stream()
                .limit(limit)
                .flatMap(listed -> listed.order().stream())
                .toList();
        if (orders.size() <= limit) return new Page<>(shown, Optional.empty());
        var last = orders.get(limit - 1);
        return new Page<>(
                shown, Optional.of(Cursor.encode(Long.toString(last.createdAt().toEpochMilli()), last.id())));
    }

    /// Where a page starts: after the order with this time and id.
    private record Start(Instant before, String beforeId) {
        boolean precedes(Listed order) {
            int byTime = order.createdAt().compareTo(before);
            return byTime < 0 || byTime == 0 && order.id().compareTo(beforeId) < 0;
        }
    }

    private static Start start(String cursor) {
        var parts = Cursor.decode(cursor, 2);
        try {
            var before = Instant.ofEpochMilli(Long.parseLong(parts.getFirst()));
            if (ID.matcher(parts.getLast()).matches()
                    && before.isAfter(Instant.EPOCH)
                    && before.isBefore(END_OF_TIME)) {
                return new Start(before, parts.getLast());
            }
        } catch (NumberFormatException | DateTimeException _) {
            // Not one of our cursors: falls through to the problem.
        }
        throw Cursor.invalid();
    }
}
