package dev.meridian.order;

import dev.meridian.shared.Money;
import dev.meridian.shared.NewerFormat;
import dev.meridian.shared.ProblemException;
import dev.meridian.sql.Sql;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/// Reads rows of `orders` with their `order_lines`. [OrderWriterRepository] writes them.
@ApplicationScoped
class OrderRepository {
    static final String TABLE = "orders";

    /// What [#first] reads, of a row `o`.
    static final String COLUMNS = """
            o.id, o.customer_id, o.idempotency_key, o.payload_hash, o.region, o.created_at, o.shipping,
            o.subtotal_minor, o.shipping_minor, o.tax_minor, o.prices_as_of, o.status, o.reason, o.confirmed_at,
            (SELECT jsonb_agg(jsonb_build_array(l.product_id, l.name, l.quantity, l.unit_minor) ORDER BY l.line)
             FROM order_lines l WHERE l.order_id = o.id) AS lines
            """;

    private static final String FIND = "SELECT " + COLUMNS + "FROM orders o WHERE o.id = $1";

    private static final String LIST = "SELECT " + COLUMNS + """
            FROM orders o
            WHERE o.customer_id = $1 AND (o.created_at, o.id) < ($2, $3)
            ORDER BY o.created_at DESC, o.id DESC
            LIMIT $4""";

    private static final String STORED_STATES = "SELECT id, status, payload_hash FROM orders WHERE id = ANY($1)";

    private final Sql sql;

    OrderRepository(Sql sql) {
        this.sql = sql;
    }

    /// Reads an order from the reader of this Region, which may lag.
    Uni<Optional<StoredOrder>> find(String orderId) {
        return sql.read("order-get", FIND, Tuple.of(orderId)).map(OrderRepository::first);
    }

    /// Reads an order from the writer.
    Uni<Optional<StoredOrder>> findOnWriter(String orderId) {
        return sql.write("order-get-writer", FIND, Tuple.of(orderId)).map(OrderRepository::first);
    }

    /// A row of a list.
    ///
    /// @param order empty when a newer version wrote the row
    record Listed(Instant createdAt, String id, Optional<Order> order) {
        static Listed of(Order order) {
            return new Listed(order.createdDate(), order.id(), Optional.of(order));
        }
    }

    /// A customer's orders that come after a place in the list, newest first, from the reader of this Region.
    ///
    /// @param before only orders older than this, or as old and with a smaller id than `beforeId`
    /// @param limit most orders
    Uni<List<Listed>> list(String customerId, Instant before, String beforeId, int limit) {
        return sql.read("order-list", LIST, Tuple.of(customerId, utc(before), beforeId, limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new Listed(
                                row.getOffsetDateTime("created_at").toInstant(),
                                row.getString("id"),
                                NewerFormat.ifReadable(TABLE, row, OrderRepository::order)
                                        .map(StoredOrder::order)))
                        .toList());
    }

    /// The status of an order on the writer.
    ///
    /// @param payloadHash identifies the request whose order has the row
    record StoredState(Order.Status status, String payloadHash) {}

    /// The status of the orders with these ids on the writer; ids without a row, and rows that a newer
    /// version wrote, are not in the answer.
    Uni<Map<String, StoredState>> storedStates(List<String> orderIds) {
        var ids = Tuple.tuple().addArrayOfString(orderIds.toArray(String[]::new));
        return sql.write("order-recheck", STORED_STATES, ids).map(rows -> {
            var states = new HashMap<String, StoredState>();
            rows.forEach(row -> NewerFormat.ifReadable(TABLE, row, OrderRepository::state)
                    .ifPresent(state -> states.put(row.getString("id"), state)));
            return states;
        });
    }

    private static StoredState state(Row row) {
        return new StoredState(Order.Status.valueOf(row.getString("status")), row.getString("payload_hash"));
    }

    /// @throws ProblemException 503 when a newer version wrote the row
    static Optional<StoredOrder> first(RowSet<Row> rows) {
        var iterator = rows.iterator();
        return iterator.hasNext()
                ? Optional.of(NewerFormat.one(TABLE, iterator.next(), OrderRepository::order))
                : Optional.empty();
    }

    private static StoredOrder order(Row row) {
        var pricesAsOf = row.getOffsetDateTime("prices_as_of");
        var order = new Order(
                row.getString("id"),
                Order.Status.valueOf(row.getString("status")),
                row.getString("reason"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getString("customer_id"),
                OrderPayload.toAddress((JsonObject) row.getJson("shipping")),
                items((JsonArray) row.getJson("lines")),
                new Money(row.getLong("subtotal_minor")),
                new Money(row.getLong("shipping_minor")),
                new Money(row.getLong("tax_minor")),
                row.getString("region"),
                pricesAsOf == null ? null : pricesAsOf.toInstant(),
                null);
        return new StoredOrder(
                order,
                row.getString("idempotency_key"),
                row.getString("payload_hash"),
                false,
                row.getOffsetDateTime("confirmed_at").toInstant());
    }

    private static List<Order.Item> items(JsonArray lines) {
        return lines.stream()
                .map(JsonArray.class::cast)
                .map(line -> Order.Item.of(
                        line.getString(0), line.getString(1), line.getInteger(2), new Money(line.getLong(3))))
                .toList();
    }

    static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
