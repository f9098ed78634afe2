package dev.meridian.order;

import dev.meridian.shared.Money;
import dev.meridian.shared.ProblemException;
import dev.meridian.sql.Sql;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// Rows of `orders` and `order_lines`, and the stock of `products` as far as orders take it and give it back.
@ApplicationScoped
class OrderRepository {
    /// Carries an order out, in one statement and so in one transaction, under READ COMMITTED.
    ///
    /// **Once.** Nothing is locked or written when the order has a row already. The order's row is written
    /// with the verdict in it. Two statements with one id that did not see each other meet at the primary
    /// key: the later one writes nothing, takes nothing, and answers no row at all.
    ///
    /// **Stock.** `locked` waits for whoever is taking stock of the same products, one product after the
    /// other in the order of their ids, so that no two orders wait for each other; PostgreSQL then reads
    /// each row again, so the stock is the one that the others left. Products of unlimited stock are not
    /// locked. A row that is locked cannot change before it is updated. Should that ever be wrong, the
    /// check `products_stock_not_negative` undoes everything; should a product be deleted meanwhile, the
    /// foreign key does.
    ///
    /// `$19` is added to the reason of a rejection.
    private static final String CARRY_OUT = """
            WITH wanted AS MATERIALIZED (
                SELECT * FROM unnest($15::text[], $16::text[], $17::integer[], $18::bigint[])
                    WITH ORDINALITY AS w (product_id, name, quantity, unit_minor, line)
                WHERE NOT EXISTS (SELECT FROM orders WHERE id = $1)
            ), locked AS MATERIALIZED (
                SELECT p.id, p.stock, w.quantity
                FROM wanted w JOIN products p ON p.id = w.product_id
                WHERE p.stock IS NOT NULL
                ORDER BY p.id
                FOR NO KEY UPDATE OF p
            ), verdict AS MATERIALIZED (
                SELECT coalesce(
                    (SELECT 'UNKNOWN_PRODUCT: ' || string_agg(w.product_id, ', ' ORDER BY w.line)
                     FROM wanted w WHERE NOT EXISTS (SELECT FROM products p WHERE p.id = w.product_id)),
                    (SELECT 'OUT_OF_STOCK: ' || string_agg(l.id, ', ' ORDER BY l.id)
                     FROM locked l WHERE l.stock < l.quantity)) || $19 AS reason
            ), placed AS (
                INSERT INTO orders (id, customer_id, idempotency_key, payload_hash, region, created_at, shipping,
                                    subtotal_minor, shipping_minor, tax_minor, prices_as_of, status, reason)
                SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
                       CASE WHEN reason IS NULL THEN $12 ELSE $13 END, left(reason, $14)
                FROM verdict WHERE EXISTS (SELECT FROM wanted)
                ON CONFLICT (id) DO NOTHING
                RETURNING id, status, reason, payload_hash
            ), taken AS (
                UPDATE products p SET stock = p.stock - l.quantity
                FROM locked l CROSS JOIN placed o
                WHERE p.id = l.id AND o.status = $12
            ), lined AS (
                INSERT INTO order_lines (order_id, line, product_id, taken_from, from_stock, name, quantity, unit_minor)
                SELECT o.id, w.line, w.product_id, CASE WHEN o.status = $12 THEN w.product_id END,
                       o.status = $12 AND EXISTS (SELECT FROM locked l WHERE l.id = w.product_id),
                       w.name, w.quantity, w.unit_minor
                FROM placed o CROSS JOIN wanted w
            )
            SELECT status, reason, payload_hash FROM placed
            UNION ALL
            SELECT status, reason, payload_hash FROM orders WHERE id = $1""";

    /// Writes an order with an end that is known, when the writer lost it: takes no stock.
    private static final String RESTORE = """
            WITH placed AS (
                INSERT INTO orders (id, customer_id, idempotency_key, payload_hash, region, created_at, shipping,
                                    subtotal_minor, shipping_minor, tax_minor, prices_as_of, status, reason)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                ON CONFLICT (id) DO NOTHING
                RETURNING id
            ), lined AS (
                INSERT INTO order_lines (order_id, line, product_id, name, quantity, unit_minor)
                SELECT o.id, w.line, w.product_id, w.name, w.quantity, w.unit_minor
                FROM placed o CROSS JOIN unnest($14::text[], $15::text[], $16::integer[], $17::bigint[])
                    WITH ORDINALITY AS w (product_id, name, quantity, unit_minor, line)
            )
            SELECT id FROM placed""";

    private static final String STANDING = "SELECT id, status, payload_hash FROM orders WHERE id = ANY($1)";

    private static final String COLUMNS = """
            o.id, o.customer_id, o.idempotency_key, o.payload_hash, o.region, o.created_at, o.shipping,
            o.subtotal_minor, o.shipping_minor, o.tax_minor, o.prices_as_of, o.status, o.reason,
            (SELECT jsonb_agg(jsonb_build_array(l.product_id, l.name, l.quantity, l.unit_minor) ORDER BY l.line)
             FROM order_lines l WHERE l.order_id = o.id) AS lines
            """;

    private static final String FIND = "SELECT " + COLUMNS + "FROM orders o WHERE o.id = $1";

    private static final String LIST = "SELECT " + COLUMNS + """
            FROM orders o
            WHERE o.customer_id = $1 AND (o.created_at, o.id) < ($2, $3)
            ORDER BY o.created_at DESC, o.id DESC
            LIMIT $4""";

    /// Cancels a confirmed order and gives its stock back, products in the order of their ids as in
    /// `CARRY_OUT`. Of two at once the second waits for the order's row, finds it cancelled and gives nothing
    /// back.
    private static final String CANCEL = """
            WITH o AS (
                UPDATE orders SET status = 'CANCELLED' WHERE id = $1 AND status = 'CONFIRMED' RETURNING *
            ), back AS MATERIALIZED (
                SELECT p.id, l.quantity
                FROM o JOIN order_lines l ON l.order_id = o.id JOIN products p ON p.id = l.product_id
                WHERE l.from_stock AND p.stock IS NOT NULL
                ORDER BY p.id
                FOR NO KEY UPDATE OF p
            ), given AS (
                UPDATE products p SET stock = least(p.stock::bigint + b.quantity, 2147483647)::integer
                FROM back b WHERE p.id = b.id
            )
            SELECT\s""" + COLUMNS + "FROM o";

    /// Serialization failure, deadlock, foreign key, check: each is gone when the statement runs again, because
    /// it then sees what it ran into.
    private static final Set<String> RUN_AGAIN = Set.of("40001", "40P01", "23503", "23514");

    private static final int RUN_AGAIN_MAX = 2;
    private static final int REASON_LENGTH_MAX = 2000;
    private static final String LOST = " (was confirmed, then lost when the SQL writer failed over)";

    private final Sql sql;

    OrderRepository(Sql sql) {
        this.sql = sql;
    }

    /// Carries an order out on the writer, unless its id has a row: then that row decides, whoever wrote it.
    /// May run again and again, in several Regions at once.
    ///
    /// @return what the writer has under the id now; its hash is another one when the row is of another request
    Uni<Decision> carryOut(OrderEntry entry) {
        var parameters = parameters(entry);
        var attempt = sql.write("order-carry-out", CARRY_OUT, parameters).map(OrderRepository::decision);
        // No row: somebody else wrote it after the statement had begun. The next statement sees it.
        return attempt.chain(decision -> decision.isPresent() ? Uni.createFrom().item(decision) : attempt)
                .map(decision -> decision.orElseThrow(
                        () -> ProblemException.unavailable("PostgreSQL does not settle the order.", null)))
                .onFailure(OrderRepository::mayRunAgain)
                .retry()
                .atMost(RUN_AGAIN_MAX);
    }

    /// What the writer has under these ids, with as many as possible in one statement.
    Uni<Map<String, Standing>> standing(List<String> orderIds) {
        return sql.write("order-recheck", STANDING, Tuple.tuple().addArrayOfString(orderIds.toArray(String[]::new)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .collect(Collectors.toUnmodifiableMap(
                                row -> row.getString("id"),
                                row -> new Standing(
                                        Order.Status.valueOf(row.getString("status")),
                                        row.getString("payload_hash")))));
    }

    /// The end of an order on the writer, and which request it is of.
    record Standing(Order.Status status, String payloadHash) {}

    /// Writes an order that is rejected or cancelled, unless its id has a row. Takes no stock.
    Uni<Boolean> restore(OrderEntry entry) {
        var order = entry.order();
        var parameters = lines(head(entry).addString(order.status().name()).addString(order.reason()), order.items());
        return sql.write("order-restore", RESTORE, parameters).map(rows -> rows.size() > 0);
    }

    /// What the writer says of an order.
    ///
    /// @param status `CONFIRMED`, `REJECTED` or `CANCELLED`
    /// @param reason why it was rejected, a problem code and the products: `OUT_OF_STOCK: p-17`; else null
    /// @param payloadHash what was asked for in the order that has the row
    record Decision(Order.Status status, String reason, String payloadHash) {}

    /// Reads an order from the reader of this Region, which may lag.
    Uni<Optional<OrderEntry>> find(String orderId) {
        return sql.read("order-get", FIND, Tuple.of(orderId)).map(OrderRepository::first);
    }

    /// Reads an order from the writer.
    Uni<Optional<OrderEntry>> findOnWriter(String orderId) {
        return sql.write("order-get-writer", FIND, Tuple.of(orderId)).map(OrderRepository::first);
    }

    /// A customer's orders that come after a place in the list, newest first, from the reader of this Region.
    ///
    /// @param before only orders older than this, or as old and with a smaller id than `beforeId`
    /// @param limit most orders
    Uni<List<OrderEntry>> list(String customerId, Instant before, String beforeId, int limit) {
        return sql.read("order-list", LIST, Tuple.of(customerId, utc(before), beforeId, limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(OrderRepository::entry)
                        .toList());
    }

    /// Cancels a confirmed order and gives its stock back, once.
    ///
    /// @return the cancelled order; empty when there was no confirmed one
    Uni<Optional<OrderEntry>> cancel(String orderId) {
        return sql.write("order-cancel", CANCEL, Tuple.of(orderId))
                .map(OrderRepository::first)
                .map(found -> found.map(entry -> entry.with(Order.Status.CANCELLED, null)))
                .onFailure(OrderRepository::mayRunAgain)
                .retry()
                .atMost(RUN_AGAIN_MAX);
    }

    private static boolean mayRunAgain(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PgException e) {
                return e.getSqlState() != null && RUN_AGAIN.contains(e.getSqlState());
            }
        }
        return false;
    }

    private static Tuple parameters(OrderEntry entry) {
        var verdicts = head(entry)
                .addString(Order.Status.CONFIRMED.name())
                .addString(Order.Status.REJECTED.name())
                .addInteger(REASON_LENGTH_MAX);
        return lines(verdicts, entry.order().items()).addString(entry.foundAt() == null ? "" : LOST);
    }

    private static Tuple head(OrderEntry entry) {
        var order = entry.order();
        return Tuple.tuple()
                .addString(order.id())
                .addString(order.customerId())
                .addString(entry.idempotencyKey())
                .addString(entry.payloadHash())
                .addString(order.region())
                .addOffsetDateTime(utc(order.createdDate()))
                .addValue(
                        order.shippingAddress() == null
                                ? null
                                : new JsonObject(
                                        Map.copyOf(order.shippingAddress().toMap())))
                .addLong(order.subtotal().minor())
                .addLong(order.shipping().minor())
                .addLong(order.tax().minor())
                .addOffsetDateTime(order.pricesAsOf() == null ? null : utc(order.pricesAsOf()));
    }

    private static Tuple lines(Tuple tuple, List<Order.Item> items) {
        return tuple.addArrayOfString(items.stream().map(Order.Item::productId).toArray(String[]::new))
                .addArrayOfString(items.stream().map(Order.Item::name).toArray(String[]::new))
                .addArrayOfInteger(items.stream().map(Order.Item::quantity).toArray(Integer[]::new))
                .addArrayOfLong(
                        items.stream().map(item -> item.unitCost().minor()).toArray(Long[]::new));
    }

    private static Optional<Decision> decision(RowSet<Row> rows) {
        var iterator = rows.iterator();
        if (!iterator.hasNext()) return Optional.empty();
        var row = iterator.next();
        return Optional.of(new Decision(
                Order.Status.valueOf(row.getString("status")), row.getString("reason"), row.getString("payload_hash")));
    }

    private static Optional<OrderEntry> first(RowSet<Row> rows) {
        var iterator = rows.iterator();
        return iterator.hasNext() ? Optional.of(entry(iterator.next())) : Optional.empty();
    }

    private static OrderEntry entry(Row row) {
        var pricesAsOf = row.getOffsetDateTime("prices_as_of");
        var order = new Order(
                row.getString("id"),
                Order.Status.valueOf(row.getString("status")),
                row.getString("reason"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getString("customer_id"),
                address((JsonObject) row.getJson("shipping")),
                items((JsonArray) row.getJson("lines")),
                new Money(row.getLong("subtotal_minor")),
                new Money(row.getLong("shipping_minor")),
                new Money(row.getLong("tax_minor")),
                row.getString("region"),
                pricesAsOf == null ? null : pricesAsOf.toInstant());
        return new OrderEntry(order, row.getString("idempotency_key"), row.getString("payload_hash"));
    }

    private static ShippingAddress address(JsonObject json) {
        if (json == null) return null;
        var map = new HashMap<String, String>();
        json.forEach(part -> map.put(part.getKey(), (String) part.getValue()));
        return ShippingAddress.of(map);
    }

    private static List<Order.Item> items(JsonArray lines) {
        return lines.stream()
                .map(JsonArray.class::cast)
                .map(line -> Order.Item.of(
                        line.getString(0), line.getString(1), line.getInteger(2), new Money(line.getLong(3))))
                .toList();
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
