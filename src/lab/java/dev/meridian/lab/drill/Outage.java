package dev.meridian.lab.drill;

import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/// The effect of one event on one kind of request, from the clients' history alone. Times in milliseconds.
///
/// @param name the kind of request
/// @param sent requests sent from the event to the end of the phase
/// @param failed sent requests that failed
/// @param firstSuccess from the event to the end of the first successful request that was sent after it; -1
///     when there is none
/// @param recovered from the event until the last failed request was sent; 0 when none failed
/// @param longestGap the longest time without a success, including the gap around the event
public record Outage(String name, int sent, int failed, double firstSuccess, double recovered, double longestGap) {

    /// @param from the time of the event
    /// @param to end of the phase
    static Outage of(
            String name,
            List<Attempt> history,
            Predicate<Attempt> ofInterest,
            Predicate<Attempt> good,
            long from,
            long to) {
        var asked = history.stream()
                .filter(ofInterest)
                .filter(one -> one.sentAt() < to)
                .sorted(Comparator.comparingDouble(Attempt::endedAt))
                .toList();
        var after = asked.stream().filter(one -> one.sentAt() >= from).toList();
        double first = after.stream()
                .filter(good)
                .mapToDouble(one -> one.endedAt() - from)
                .min()
                .orElse(-1);
        var failures = after.stream().filter(good.negate()).toList();
        double recovered =
                failures.stream().mapToDouble(one -> one.sentAt() - from).max().orElse(0);
        return new Outage(name, after.size(), failures.size(), first, recovered, longestGap(asked, good, from, to));
    }

    private static double longestGap(List<Attempt> asked, Predicate<Attempt> good, long from, long to) {
        double last = asked.stream()
                .filter(good)
                .mapToDouble(Attempt::endedAt)
                .filter(end -> end <= from)
                .max()
                .orElse(from);
        double longest = 0;
        for (var end : asked.stream()
                .filter(good)
                .mapToDouble(Attempt::endedAt)
                .filter(end -> end > from && end < to)
                .toArray()) {
            longest = Math.max(longest, end - last);
            last = end;
        }
        return Math.max(longest, to - last);
    }
}
