package dev.meridian.order;

import dev.meridian.shared.Money;
import dev.meridian.shared.NewerFormat;
import dev.meridian.shared.ProblemException;
import dev.meridian.sql.Sql;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Writes rows of `orders` and `order_lines`, takes stock of `products` and gives it back. Each method is one
/// statement, and so one transaction, on the SQL writer.
@ApplicationScoped
class OrderWriterRepository {
    /// Names the parameters of a statement that writes an order: `given` is its row ($1 to $11), `lines` are its
    /// lines ($12 to $15). See [#parameters].
    private static final String GIVEN = """
            WITH given (id, customer_id, idempotency_key, payload_hash, region, created_at, shipping,
                        subtotal_minor, shipping_minor, tax_minor, prices_as_of) AS (
                VALUES ($1::text, $2::text, $3::text, $4::text, $5::text, $6::timestamptz, $7::jsonb,
                        $8::bigint, $9::bigint, $10::bigint, $11::timestamptz)
            ), lines AS (
                SELECT * FROM unnest($12::text[], $13::text[], $14::integer[], $15::bigint[])
                    WITH ORDINALITY AS l (product_id, name, quantity, unit_minor, line)
            ),\s""";

    /// Settles an order under READ COMMITTED.
    ///
    /// **Once.** When the order has a row already, nothing is locked or written. The order's row is written with
    /// the verdict in it. Two statements with one id that do not see each other meet at the primary key: the
    /// later one writes nothing, takes nothing, and returns no row at all.
    ///
    /// **Stock.** `locked` waits for other statements that take stock of the same products, product by product
    /// in the order of their ids, so that no two orders wait for each other. PostgreSQL then reads each row
    /// again, so the stock is what the others left. Products of unlimited stock are not locked. A locked row
    /// cannot change before it is updated. Two constraints back this up and undo everything:
    /// `products_stock_not_negative`, and the foreign key when a product is deleted concurrently.
    ///
    /// `$16` is added to the reason of a rejection.
    private static final String SETTLE = GIVEN + """
            wanted AS MATERIALIZED (
                SELECT * FROM lines WHERE NOT EXISTS (SELECT FROM orders WHERE id = $1)
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
                     FROM locked l WHERE l.stock < l.quantity)) || $16 AS reason
            ), placed AS (
                INSERT INTO orders (id, customer_id, idempotency_key, payload_hash, region, created_at, shipping,
                                    subtotal_minor, shipping_minor, tax_minor, prices_as_of, status, reason)
                SELECT given.*, CASE WHEN reason IS NULL THEN 'CONFIRMED' ELSE 'REJECTED' END, left(reason, 2000)
                FROM given CROSS JOIN verdict
                WHERE EXISTS (SELECT FROM wanted)
                ON CONFLICT (id) DO NOTHING
                RETURNING *
            ), taken AS (
                UPDATE products p SET stock = p.stock - l.quantity
                FROM locked l CROSS JOIN placed o
                WHERE p.id = l.id AND o.status = 'CONFIRMED'
            ), lined AS (
                INSERT INTO order_lines (order_id, line, product_id, taken_from, from_stock, name, quantity, unit_minor)
                SELECT o.id, w.line, w.product_id, CASE WHEN o.status = 'CONFIRMED' THEN w.product_id END,
                       o.status = 'CONFIRMED' AND EXISTS (SELECT FROM locked l WHERE l.id = w.product_id),
                       w.name, w.quantity, w.unit_minor
                FROM placed o CROSS JOIN wanted w
            )
            SELECT\s""" + Decision.COLUMNS + """
            FROM placed
            UNION ALL
            SELECT\s""" + Decision.COLUMNS + """
            FROM orders WHERE id = $1""";

    /// Writes an order whose outcome is known ($16 status, $17 reason). Takes no stock.
    private static final String RESTORE = GIVEN + """
            placed AS (
                INSERT INTO orders (id, customer_id, idempotency_key, payload_hash, region, created_at, shipping,
                                    subtotal_minor, shipping_minor, tax_minor, prices_as_of, status, reason)
                SELECT given.*, $16::text, $17::text FROM given
                ON CONFLICT (id) DO NOTHING
                RETURNING id
            ), lined AS (
                INSERT INTO order_lines (order_id, line, product_id, name, quantity, unit_minor)
                SELECT o.id, l.line, l.product_id, l.name, l.quantity, l.unit_minor
                FROM placed o CROSS JOIN lines l
            )
            SELECT id FROM placed""";

    /// Cancels a confirmed order and gives its stock back, products in the order of their ids as in `SETTLE`.
    /// Of two statements at once, the second waits for the order's row, finds it cancelled and gives nothing
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
            ), returned AS (
                UPDATE products p SET stock = least(p.stock::bigint + b.quantity, 2147483647)::integer
                FROM back b WHERE p.id = b.id
            )
            SELECT\s""" + OrderRepository.COLUMNS + "FROM o";

    /// serialization_failure, deadlock_detected, foreign_key_violation, check_violation. Run again, the statement
    /// sees the change that it collided with.
    private static final Set<String> RUN_AGAIN = Set.of("40001", "40P01", "23503", "23514");

    private static final int RUN_AGAIN_MAX = 2;
    private static final String LOST = " (was confirmed, then lost when the SQL writer failed over)";

    private final Sql sql;

    OrderWriterRepository(Sql sql) {
        this.sql = sql;
    }

    /// The row of an order on the writer, without its lines.
    ///
    /// @param status `CONFIRMED`, `REJECTED` or `CANCELLED`
    /// @param reason why it is rejected, a problem code and the products: `OUT_OF_STOCK: p-17`; else null
    /// @param payloadHash identifies the request whose order has the row
    /// @param region where that order was taken
    /// @param createdAt when it was taken
    record Decision(
            Order.Status status,
            String reason,
            String payloadHash,
            String region,
            Instant createdAt,
            Money subtotal,
            Money shipping,
            Money tax) {
        private static final String COLUMNS =
                "status, reason, payload_hash, region, created_at, subtotal_minor, shipping_minor, tax_minor ";

        private static Decision of(Row row) {
            return new Decision(
                    Order.Status.valueOf(row.getString("status")),
                    row.getString("reason"),
                    row.getString("payload_hash"),
                    row.getString("region"),
                    row.getOffsetDateTime("created_at").toInstant(),
                    new Money(row.getLong("subtotal_minor")),
                    new Money(row.getLong("shipping_minor")),
                    new Money(row.getLong("tax_minor")));
        }

        /// Whether the row was written from this entry. Another Region that takes the same request before it gets
        /// the entry writes one of its own, at its own time and prices.
        boolean isOf(StoredOrder entry) {
            var order = entry.order();
            return payloadHash.equals(entry.payloadHash())
                    && region.equals(order.region())
                    && createdAt.equals(order.createdDate())
                    && subtotal.equals(order.subtotal())
                    && shipping.equals(order.shipping())
                    && tax.equals(order.tax());
        }
    }

    /// Settles an order, unless its id has a row: then that row decides, no matter which request wrote it.
    /// May run any number of times, in several Regions at once.
    ///
    /// @return what the writer has under the id now
    Uni<Decision> settle(StoredOrder stored) {
        var parameters = parameters(stored).addString(stored.isReplay() ? LOST : "");
        var attempt = sql.write("order-settle", SETTLE, parameters).map(OrderWriterRepository::decision);
        // No row: another statement wrote it after this one had begun. The next statement sees it.
        return attempt.chain(decision -> decision.isPresent() ? Uni.createFrom().item(decision) : attempt)
                .map(decision -> decision.orElseThrow(
                        () -> ProblemException.unavailable("PostgreSQL does not settle the order.", null)))
                .onFailure(OrderWriterRepository::mayRunAgain)
                .retry()
                .atMost(RUN_AGAIN_MAX);
    }

    /// Writes an order that is rejected or cancelled, unless its id has a row. Takes no stock.
    ///
    /// @return whether this call wrote it
    Uni<Boolean> restore(StoredOrder stored) {
        var parameters = parameters(stored)
                .addString(stored.status().name())
                .addString(stored.order().reason());
        return sql.write("order-restore", RESTORE, parameters).map(rows -> rows.size() > 0);
    }

    /// Cancels a confirmed order and gives its stock back, once.
    ///
    /// @return the cancelled order; empty when there was no confirmed one
    Uni<Optional<StoredOrder>> cancel(String orderId) {
        return sql.write("order-cancel", CANCEL, Tuple.of(orderId))
                .map(OrderRepository::first)
                .map(found -> found.map(order -> order.with(Order.Status.CANCELLED, null)))
                .onFailure(OrderWriterRepository::mayRunAgain)
                .retry()
                .atMost(RUN_AGAIN_MAX);
    }

    /// When the writer was replaced last, as far as any process has noticed; [Instant#EPOCH] when never.
    Instant changedAt() {
        return sql.writerChangedAt();
    }

    /// About how far away the writer is; zero when that is not known.
    Duration roundTrip() {
        return sql.writerRoundTrip();
    }

    /// Most statements, of orders and others, that run on the writer at once.
    int connections() {
        return sql.writerConnections();
    }

    private static boolean mayRunAgain(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PgException e) {
                return e.getSqlState() != null && RUN_AGAIN.contains(e.getSqlState());
            }
        }
        return false;
    }

    /// The parameters $1 to $15, which [#GIVEN] names.
    private static Tuple parameters(StoredOrder stored) {
        return addLines(row(stored), stored.order().items());
    }

    private static Tuple row(StoredOrder stored) {
        var order = stored.order();
        return Tuple.tuple()
                .addString(order.id())
                .addString(order.customerId())
                .addString(stored.idempotencyKey())
                .addString(stored.payloadHash())
                .addString(order.region())
                .addOffsetDateTime(OrderRepository.utc(order.createdDate()))
                .addValue(OrderPayload.toJson(order.shippingAddress()))
                .addLong(order.subtotal().minor())
                .addLong(order.shipping().minor())
                .addLong(order.tax().minor())
                .addOffsetDateTime(order.pricesAsOf() == null ? null : OrderRepository.utc(order.pricesAsOf()));
    }

    private static Tuple addLines(Tuple tuple, List<Order.Item> items) {
        return tuple.addArrayOfString(items.stream().map(Order.Item::productId).toArray(String[]::new))
                .addArrayOfString(items.stream().map(Order.Item::name).toArray(String[]::new))
                .addArrayOfInteger(items.stream().map(Order.Item::quantity).toArray(Integer[]::new))
                .addArrayOfLong(
                        items.stream().map(item -> item.unitCost().minor()).toArray(Long[]::new));
    }

    private static Optional<Decision> decision(RowSet<Row> rows) {
        var iterator = rows.iterator();
        if (!iterator.hasNext()) return Optional.empty();
        return Optional.of(NewerFormat.one(OrderRepository.TABLE, iterator.next(), Decision::of));
    }
}
