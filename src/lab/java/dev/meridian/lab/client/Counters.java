package dev.meridian.lab.client;

/// What the clients were told so far.
///
/// @param ordersAccepted of the acknowledged ones: answered 202 and not seen as confirmed yet
/// @param unknown requests without a definite answer: they may or may not have been carried out
/// @param failed requests that were definitely refused
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
