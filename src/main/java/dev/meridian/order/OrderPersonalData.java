package dev.meridian.order;

import dev.meridian.journal.JournalEntry;
import dev.meridian.journal.JournalService;
import dev.meridian.order.OrderErasureRepository.Found;
import dev.meridian.retention.EraseDelay;
import dev.meridian.retention.PersonalData;
import dev.meridian.shared.Ids;
import dev.meridian.shared.Page;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Orders. They stay when their customer is erased, without the customer: each gets an id of nobody in its place, in
/// the journal first, since the rows of SQL lead to the entries. Open ones are left until they are settled.
@ApplicationScoped
class OrderPersonalData implements PersonalData {
    private static final int PAGE = 100;
    private static final int AT_ONCE = 8;

    /// More than clocks differ.
    private static final Duration AHEAD = Duration.ofDays(1);

    private final OrderReader reader;
    private final OrderErasureRepository rows;
    private final JournalService journal;
    private final EraseDelay delay;

    OrderPersonalData(OrderReader reader, OrderErasureRepository rows, JournalService journal, EraseDelay delay) {
        this.reader = reader;
        this.rows = rows;
        this.journal = journal;
        this.delay = delay;
    }

    @Override
    public String part() {
        return "orders";
    }

    @Override
    public Uni<Page<Map<String, Object>>> export(Subject customer, Optional<String> after) {
        return reader.list(customer.customerId(), PAGE, after)
                .map(page -> new Page<>(
                        page.items().stream().map(OrderPersonalData::toMap).toList(), page.next()));
    }

    private static Map<String, Object> toMap(Order order) {
        var map = new LinkedHashMap<String, Object>();
        map.put("id", order.id());
        map.put("status", order.status().name());
        map.put("createdDate", order.createdDate().toString());
        map.put("region", order.region());
        map.put(
                "shippingAddress",
                order.shippingAddress() == null ? null : order.shippingAddress().toMap());
        map.put(
                "items",
                order.items().stream()
                        .map(item -> Map.of(
                                "productId", item.productId(),
                                "name", item.name(),
                                "quantity", item.quantity(),
                                "unitCostMinor", item.unitCost().minor()))
                        .toList());
        map.put("subtotalMinor", order.subtotal().minor());
        map.put("shippingMinor", order.shipping().minor());
        map.put("taxMinor", order.tax().minor());
        return map;
    }

    /// What was written a moment ago is left: another Region may not have its entry yet.
    @Override
    public Uni<ErasedPage> erase(Subject customer, Optional<String> after) {
        var customerId = customer.customerId();
        var before = delay.before(Instant.now());
        return rows.list(customerId, after.orElse(""), before, PAGE).chain(page -> {
            if (page.isEmpty()) return open(customerId);
            var ids = page.stream().filter(Found::isOld).map(Found::id).toList();
            return anonymize(customerId, ids, before)
                    .map(erased -> new ErasedPage(
                            erased,
                            page.size() - erased,
                            Optional.of(page.getLast().id())));
        });
    }

    private Uni<ErasedPage> open(String customerId) {
        return journal.findOpen(customerId, Instant.now().plus(AHEAD), PAGE)
                .map(entries -> new ErasedPage(
                        0, (int) entries.stream().filter(JournalEntry::isOpen).count(), Optional.empty()));
    }

    /// @return how many orders are without the customer in both stores now
    private Uni<Integer> anonymize(String customerId, List<String> ids, Instant before) {
        return Multi.createFrom()
                .iterable(ids)
                .onItem()
                .transformToUni(
                        id -> journal.anonymize(id, customerId, nobody(id), before, OrderPayload::withoutAddress)
                                .map(isDone -> Optional.of(id).filter(_ -> isDone)))
                .merge(AT_ONCE)
                .collect()
                .asList()
                .chain(found -> {
                    var done = found.stream().flatMap(Optional::stream).toList();
                    if (done.isEmpty()) return Uni.createFrom().item(0);
                    var nobodies = done.stream().map(OrderPersonalData::nobody).toList();
                    return rows.anonymize(customerId, done, nobodies);
                });
    }

    /// The same in both stores and in every Region, and nothing that leads to the customer or to other orders.
    private static String nobody(String orderId) {
        return "erased-" + Ids.derive("erased", orderId);
    }
}
