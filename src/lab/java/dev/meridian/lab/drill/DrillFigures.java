package dev.meridian.lab.drill;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// The measurements of a drill, from the clients' history, the stores, the service and samples of the lab.
///
/// @param faultAt the SQL writer is killed; like the other times, milliseconds since the clients began
/// @param promotedAt the standby is the writer
/// @param failbackAt the healing begins
/// @param healedAt the healing ends
/// @param endedAt the clients' last request
/// @param failover the clients' outages in the failover
/// @param failback the clients' outages in the failback
/// @param latencies before the fault, by Region and kind
/// @param dynamoLag of the replication, before the fault
/// @param sqlLag the same for PostgreSQL
/// @param loss the data loss of the failover
public record DrillFigures(
        long faultAt,
        long promotedAt,
        long failbackAt,
        long healedAt,
        long endedAt,
        List<Outage> failover,
        List<Outage> failback,
        List<Latency> latencies,
        Spread dynamoLag,
        Spread sqlLag,
        Loss loss) {

    /// Milliseconds.
    record Spread(double median, double p99, double worst) {
        static Spread of(double[] values) {
            if (values.length == 0) return new Spread(-1, -1, -1);
            var sorted = values.clone();
            Arrays.sort(sorted);
            return new Spread(at(sorted, .5), at(sorted, .99), sorted[sorted.length - 1]);
        }

        private static double at(double[] sorted, double share) {
            return sorted[(int) Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
        }
    }

    /// Of requests with a response.
    record Latency(String region, String what, int requests, Spread millis) {}

    /// Orders.
    ///
    /// @param acknowledged with status 200 or 202 during the whole drill
    /// @param confirmedBefore with status 200 before the fault
    /// @param missing rows of confirmed orders that the old writer had and the new one lacked at its promotion
    /// @param reported orders of this drill in the service's report of missing orders
    /// @param replayed reported orders that were confirmed again
    /// @param missingAfter acknowledged orders without a row in SQL after the replay
    /// @param missingAtEnd the same after the failback, in either Region
    /// @param twice acknowledged orders with more than one row
    public record Loss(
            int acknowledged,
            int confirmedBefore,
            int missing,
            int reported,
            int replayed,
            int missingAfter,
            int missingAtEnd,
            int twice) {}

    /// The kinds of requests, each with its condition of success.
    static List<Outage> outages(List<Attempt> history, long from, long to) {
        return List.of(
                Outage.of(
                        "reads, catalog (SQL reader)",
                        history,
                        is(Attempt.Kind.CATALOG_READ),
                        Attempt::isAnswered,
                        from,
                        to),
                Outage.of(
                        "reads, carts (DynamoDB)", history, is(Attempt.Kind.CART_READ), Attempt::isAnswered, from, to),
                Outage.of(
                        "orders acknowledged (200 or 202)",
                        history,
                        is(Attempt.Kind.ORDER),
                        Attempt::isAnswered,
                        from,
                        to),
                Outage.of(
                        "orders confirmed at once (200)",
                        history,
                        is(Attempt.Kind.ORDER),
                        Attempt::isConfirmed,
                        from,
                        to));
    }

    static List<Latency> latencies(List<Attempt> history, Collection<String> regions, long from, long to) {
        return regions.stream()
                .flatMap(region -> List.of(
                        latency(history, region, "reads", one -> one.kind() != Attempt.Kind.ORDER, from, to),
                        latency(history, region, "orders", one -> one.kind() == Attempt.Kind.ORDER, from, to))
                        .stream())
                .toList();
    }

    private static Latency latency(
            List<Attempt> history, String region, String what, Predicate<Attempt> ofInterest, long from, long to) {
        var took = history.stream()
                .filter(ofInterest)
                .filter(one -> one.isAnswered() && one.region().equals(region))
                .filter(one -> one.sentAt() >= from && one.sentAt() < to)
                .mapToDouble(Attempt::took)
                .toArray();
        return new Latency(region, what, took.length, Spread.of(took));
    }

    /// Ids of orders with status 200 or 202.
    static Set<String> acknowledged(List<Attempt> history) {
        return ids(history, Attempt::isAnswered);
    }

    /// Ids of orders with status 200 by this time.
    static Set<String> confirmedBefore(List<Attempt> history, long time) {
        return ids(history, one -> one.isConfirmed() && one.endedAt() < time);
    }

    private static Set<String> ids(List<Attempt> history, Predicate<Attempt> which) {
        var ids = new TreeSet<String>();
        history.stream()
                .filter(is(Attempt.Kind.ORDER))
                .filter(which)
                .map(Attempt::orderId)
                .forEach(ids::add);
        return ids;
    }

    private static Predicate<Attempt> is(Attempt.Kind kind) {
        return one -> one.kind() == kind;
    }
}
