package dev.meridian.lab.client;

/// Counts of the responses to clients so far.
///
/// @param ordersAccepted acknowledged orders with status 202 that were not seen as confirmed yet
/// @param unknown requests without a definite response: they may or may not have taken effect
/// @param failed requests that were definitely rejected
public record Counters(
        long requests,
        long ordersAcknowledged,
        long ordersAccepted,
        long likesAcknowledged,
        long cartEditsAcknowledged,
        long scoresAcknowledged,
        long ticketsAcknowledged,
        long readsAnswered,
        long unknown,
        long failed) {
    static final Counters NONE = new Counters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
