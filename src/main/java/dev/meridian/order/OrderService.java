package dev.meridian.order;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/// Orders: take, read, list, cancel.
@ApplicationScoped
public class OrderService {
    /// Takes an order, once for each customer and idempotency key. The answer is `CONFIRMED`, or `ACCEPTED` while the
    /// SQL writer is away.
    ///
    /// @throws dev.meridian.shared.ProblemException 404 unknown product, 409 out of stock, 422 key reused with
    ///     another order, 503 when nothing could be stored
    public Uni<Order> place(NewOrder order) {
        return Uni.createFrom().failure(new UnsupportedOperationException());
    }
}
