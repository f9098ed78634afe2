package dev.meridian.order;

import dev.meridian.sql.Sql;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;

/// Takes customers out of rows of `orders`, on the writer. Sums, lines and stock stay.
@ApplicationScoped
class OrderErasureRepository {
    private static final String LIST = """
            SELECT id, confirmed_at < $3 AS is_old FROM orders
            WHERE customer_id = $1 AND id > $2 ORDER BY id LIMIT $4""";

    private static final String ANONYMIZE = """
            UPDATE orders AS o SET customer_id = given.anonymous, idempotency_key = 'erased', shipping = NULL
            FROM unnest($2::text[], $3::text[]) AS given (id, anonymous)
            WHERE o.id = given.id AND o.customer_id = $1
            RETURNING o.id""";

    private final Sql sql;

    OrderErasureRepository(Sql sql) {
        this.sql = sql;
    }

    /// An order of a customer.
    ///
    /// @param isOld whether its row was written before a time
    record Found(String id, boolean isOld) {}

    /// A customer's orders by id.
    ///
    /// @param after only ids after this one; empty for all
    /// @param before for [Found#isOld]
    Uni<List<Found>> list(String customerId, String after, Instant before, int limit) {
        return sql.write("order-erase-list", LIST, Tuple.of(customerId, after, OrderRepository.utc(before), limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new Found(row.getString("id"), row.getBoolean("is_old")))
                        .toList());
    }

    /// Puts other ids in the place of a customer, and removes key and address. May run twice.
    ///
    /// @param orderIds of orders of the customer
    /// @param anonymousIds one for each
    /// @return how many rows were changed
    Uni<Integer> anonymize(String customerId, List<String> orderIds, List<String> anonymousIds) {
        var parameters = Tuple.of(customerId)
                .addArrayOfString(orderIds.toArray(String[]::new))
                .addArrayOfString(anonymousIds.toArray(String[]::new));
        return sql.write("order-erase", ANONYMIZE, parameters).map(rows -> rows.size());
    }
}
