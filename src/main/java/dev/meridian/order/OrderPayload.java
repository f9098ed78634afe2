package dev.meridian.order;

import dev.meridian.customer.Address;
import dev.meridian.journal.JournalEntry;
import dev.meridian.journal.JournalEntry.Payload;
import dev.meridian.journal.JournalEntry.State;
import dev.meridian.shared.Money;
import dev.meridian.shared.NewerFormat;
import dev.meridian.shared.ProblemException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Maps orders to entries of the journal and back. The payload of an entry is JSON; docs/data.md says how its
/// format changes.
final class OrderPayload {
    /// The format that this version writes.
    private static final int FORMAT = 1;

    private static final String JOURNAL = "order-journal";

    private OrderPayload() {}

    static JournalEntry toEntry(StoredOrder stored) {
        var order = stored.order();
        return new JournalEntry(
                order.id(),
                order.customerId(),
                stored.idempotencyKey(),
                stored.payloadHash(),
                state(order.status()),
                order.reason(),
                order.createdDate(),
                order.region(),
                new Payload(FORMAT, write(order).encode()),
                null,
                List.of());
    }

    /// @throws ProblemException 503 when the payload has a format that this version does not know
    static StoredOrder toOrder(JournalEntry entry) {
        return NewerFormat.one(JOURNAL, entry, OrderPayload::read);
    }

    /// The content without the customer's address.
    ///
    /// @throws ProblemException 503 when it has a format that this version does not know
    static Payload withoutAddress(Payload payload) {
        if (payload.format() != FORMAT) throw NewerFormat.problem();
        var json = new JsonObject(payload.content());
        json.remove("shippingAddress");
        return new Payload(FORMAT, json.encode());
    }

    /// Those of the orders whose payload has a format that this version knows.
    static List<StoredOrder> toOrders(List<JournalEntry> entries) {
        return NewerFormat.readable(JOURNAL, entries, OrderPayload::read);
    }

    private static StoredOrder read(JournalEntry entry) {
        if (entry.payload().format() != FORMAT) throw new IllegalArgumentException("unknown format");
        return new StoredOrder(
                read(entry, new JsonObject(entry.payload().content())),
                entry.idempotencyKey(),
                entry.payloadHash(),
                entry.missing() != null,
                entry.confirmedAt());
    }

    static Order.Status status(State state) {
        return Order.Status.valueOf(state.name());
    }

    static State state(Order.Status status) {
        return State.valueOf(status.name());
    }

    private static JsonObject write(Order order) {
        var items = new JsonArray();
        for (var item : order.items())
            items.add(new JsonObject()
                    .put("productId", item.productId())
                    .put("name", item.name())
                    .put("quantity", item.quantity())
                    .put("unitMinor", item.unitCost().minor()));
        var json = new JsonObject()
                .put("items", items)
                .put("subtotalMinor", order.subtotal().minor())
                .put("shippingMinor", order.shipping().minor())
                .put("taxMinor", order.tax().minor());
        if (order.shippingAddress() != null) json.put("shippingAddress", toJson(order.shippingAddress()));
        if (order.pricesAsOf() != null)
            json.put("pricesAsOf", order.pricesAsOf().toString());
        return json;
    }

    private static Order read(JournalEntry entry, JsonObject json) {
        return new Order(
                entry.orderId(),
                status(entry.state()),
                entry.reason(),
                entry.acceptedAt(),
                entry.customerId(),
                toAddress(json.getJsonObject("shippingAddress")),
                items(json.getJsonArray("items")),
                new Money(json.getLong("subtotalMinor")),
                new Money(json.getLong("shippingMinor")),
                new Money(json.getLong("taxMinor")),
                entry.region(),
                json.getInstant("pricesAsOf"),
                entry.isOpen() ? entry.cancelRequestedAt() : null);
    }

    private static List<Order.Item> items(JsonArray items) {
        return items.stream()
                .map(JsonObject.class::cast)
                .map(item -> Order.Item.of(
                        item.getString("productId"),
                        item.getString("name"),
                        item.getInteger("quantity"),
                        new Money(item.getLong("unitMinor"))))
                .toList();
    }

    /// @param address null when nothing is shipped
    static JsonObject toJson(Address address) {
        return address == null ? null : new JsonObject(Map.copyOf(toMap(address)));
    }

    /// @param json as [#toJson] makes it
    static Address toAddress(JsonObject json) {
        if (json == null) return null;
        var map = new HashMap<String, String>();
        json.forEach(part -> map.put(part.getKey(), (String) part.getValue()));
        map.put("zip", map.remove("zipCode"));
        return Address.of(map);
    }

    /// The parts of an address by name, as orders keep and hash them: [Address#toMap] with `zip` as `zipCode`,
    /// sorted.
    static Map<String, String> toMap(Address address) {
        var map = new TreeMap<>(address.toMap());
        var zip = map.remove("zip");
        if (zip != null) map.put("zipCode", zip);
        return map;
    }
}
