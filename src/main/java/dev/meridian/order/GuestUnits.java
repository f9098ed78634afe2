package dev.meridian.order;

import dev.meridian.limits.Level;
import dev.meridian.limits.Rate;
import dev.meridian.limits.TokenBuckets;
import dev.meridian.session.CustomerIds;
import dev.meridian.shared.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// How many units of one product a guest may order, so that one guest does not take all of a stock. Each process
/// counts for itself, in memory: a guest whose orders reach several processes may have as many times the bound
/// of an hour. The bound of an order is the same everywhere.
@ApplicationScoped
class GuestUnits {
    /// Most pairs of a guest and a product that are remembered.
    private static final int PAIRS_MAX = 20_000;

    private static final Duration HOUR = Duration.ofHours(1);

    private record Pair(String guest, String productId) {}

    private final int perOrder;
    private final int perHour;
    private final TokenBuckets<Pair> units;

    @Inject
    GuestUnits(OrderConfig config) {
        this(config.guestUnitsPerOrder(), config.guestUnitsPerHour(), System::nanoTime);
    }

    GuestUnits(int perOrder, int perHour, LongSupplier clock) {
        this.perOrder = perOrder;
        this.perHour = perHour;
        this.units = new TokenBuckets<>(PAIRS_MAX, 1, clock);
    }

    /// Counts the units of an order, all or none.
    ///
    /// @return why they cannot be had; empty when they can
    Optional<ProblemException> take(NewOrder order) {
        if (!isBounded(order)) return Optional.empty();
        var lines = order.mergedLines();
        for (int i = 0; i < lines.size(); i++) {
            var refusal = take(order.customerId(), lines.get(i));
            if (refusal.isPresent()) {
                lines.subList(0, i).forEach(line -> giveBack(order.customerId(), line));
                return refusal;
            }
        }
        return Optional.empty();
    }

    /// Takes back what [#take] has counted.
    void giveBack(NewOrder order) {
        if (perHour == 0 || !isBounded(order)) return;
        order.mergedLines().forEach(line -> giveBack(order.customerId(), line));
    }

    private boolean isBounded(NewOrder order) {
        return (perOrder > 0 || perHour > 0) && CustomerIds.isGuest(order.customerId());
    }

    private Optional<ProblemException> take(String guest, NewOrder.Line line) {
        if (perOrder > 0 && line.quantity() > perOrder) return Optional.of(tooMany(perOrder, line, "in one order."));
        if (perHour == 0) return Optional.empty();
        if (line.quantity() > perHour) return Optional.of(tooMany(perHour, line, "in an hour."));
        var level = units.take(new Pair(guest, line.productId()), 0, rate(), line.quantity());
        return level.isTaken() ? Optional.empty() : Optional.of(tooSoon(line, level));
    }

    private void giveBack(String guest, NewOrder.Line line) {
        if (perHour > 0) units.giveBack(new Pair(guest, line.productId()), 0, rate(), line.quantity());
    }

    private Rate rate() {
        return new Rate(perHour, HOUR);
    }

    private static ProblemException tooMany(int max, NewOrder.Line line, String when) {
        return new ProblemException(
                OrderProblem.TOO_MANY_UNITS, "A guest may have " + max + " units of " + line.productId() + " " + when);
    }

    private ProblemException tooSoon(NewOrder.Line line, Level level) {
        long minutes = Math.ceilDiv(level.waitSeconds(), Duration.ofMinutes(1).toSeconds());
        return new ProblemException(
                OrderProblem.TOO_MANY_UNITS,
                "A guest may have " + perHour + " units of " + line.productId() + " in an hour: " + level.left()
                        + " now, " + line.quantity() + " in " + minutes + " minutes.",
                Duration.ofSeconds(level.waitSeconds()));
    }
}
