package dev.meridian.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.customer.Address;
import dev.meridian.journal.JournalEntry;
import dev.meridian.journal.JournalEntry.Missing;
import dev.meridian.journal.JournalEntry.Payload;
import dev.meridian.shared.Money;
import dev.meridian.shared.NewerFormat;
import dev.meridian.shared.ProblemException;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderPayloadTest {
    private static final Address ADDRESS =
            new Address("Nadia", "Ökafor \"N\"", "12 Quay", null, "Port Isle", "ME", "04521", null, "n@example.com");

    private static StoredOrder order(Address address, Instant pricesAsOf) {
        var items =
                List.of(Order.Item.of("p-1", "Lantern", 3, new Money(1950)), Order.Item.of("p-2", "", 1, Money.ZERO));
        var order = new Order(
                "2GP53PP4VF4BYGPX59XX9CPEY6",
                Order.Status.ACCEPTED,
                null,
                Instant.parse("2026-11-21T07:01:33.123Z"),
                "c-81",
                address,
                items,
                new Money(5850),
                new Money(1000),
                new Money(500),
                "eu-west-1",
                pricesAsOf,
                null);
        return new StoredOrder(order, "key-1", "hash", false, null);
    }

    private static JournalEntry with(JournalEntry entry, Payload payload, Missing missing) {
        return new JournalEntry(
                entry.orderId(),
                entry.customerId(),
                entry.idempotencyKey(),
                entry.payloadHash(),
                entry.state(),
                entry.reason(),
                entry.acceptedAt(),
                entry.region(),
                payload,
                missing,
                List.of());
    }

    @Test
    void anEntryBecomesTheSameOrderAgain() {
        for (var order : List.of(
                order(ADDRESS, Instant.parse("2026-11-21T07:00:00.001Z")),
                order(null, null),
                order(ADDRESS, null).with(Order.Status.CONFIRMED, null),
                order(null, null).with(Order.Status.CANCELLED, null),
                order(ADDRESS, null).with(Order.Status.REJECTED, "OUT_OF_STOCK: p-1"))) {
            assertEquals(order, OrderPayload.toOrder(OrderPayload.toEntry(order)));
        }
    }

    /// Versions n and n+1 read each other's entries: this text changes only together with the number of the format.
    @Test
    void theTextOfFormatOneIsTheSameInEveryVersion() {
        assertEquals(
                new Payload(1, """
                        {"items":[{"productId":"p-1","name":"Lantern","quantity":3,"unitMinor":1950},\
                        {"productId":"p-2","name":"","quantity":1,"unitMinor":0}],\
                        "subtotalMinor":5850,"shippingMinor":1000,"taxMinor":500,\
                        "pricesAsOf":"2026-11-21T07:00:00.001Z"}"""),
                OrderPayload.toEntry(order(null, Instant.parse("2026-11-21T07:00:00.001Z")))
                        .payload());
    }

    /// Nor do the names in an address change, which are also those of the column `shipping`.
    @Test
    void theNamesInTheAddressAreTheSameInEveryVersion() {
        var stored = new JsonObject("""
                {"firstName":"Nadia","lastName":"Ökafor \\"N\\"","email":"n@example.com","address1":"12 Quay",\
                "city":"Port Isle","zipCode":"04521","state":"ME"}""");
        var content = OrderPayload.toEntry(order(ADDRESS, null)).payload().content();
        assertEquals(stored, new JsonObject(content).getJsonObject("shippingAddress"));
        assertEquals(stored, OrderPayload.toJson(ADDRESS));
        assertEquals(ADDRESS, OrderPayload.toAddress(stored));
    }

    @Test
    void anEntryThatAFailoverLostIsAReplay() {
        var entry = OrderPayload.toEntry(order(ADDRESS, null));
        var lost = with(entry, entry.payload(), new Missing(Instant.EPOCH, null, null));
        assertTrue(OrderPayload.toOrder(lost).isReplay());
    }

    @Test
    void aPayloadOfAnUnknownFormatIsNotGuessed() {
        var entry = OrderPayload.toEntry(order(ADDRESS, null));
        for (int format : List.of(0, 2)) {
            var other = with(entry, new Payload(format, entry.payload().content()), null);
            assertTrue(NewerFormat.is(assertThrows(ProblemException.class, () -> OrderPayload.toOrder(other))));
            var both = OrderPayload.toOrders(List.of(other, entry));
            assertEquals(List.of(OrderPayload.toOrder(entry)), both, "format " + format);
        }
    }
}
