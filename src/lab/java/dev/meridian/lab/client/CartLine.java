package dev.meridian.lab.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A cart line that only one client edits, and the quantities that it may have at the end.
///
/// These are the last acknowledged edit and the edits without a response. An edit without a response may still
/// be in progress when the next one is acknowledged, so it counts for as long as a request can take.
public final class CartLine {
    private static final long LATE_NANOS = Duration.ofSeconds(20).toNanos();
    private static final int ANY = -1;

    private record Pending(int quantity, long endedAt) {}

    private final List<Pending> pending = new ArrayList<>();
    private int acknowledged;

    /// @param quantity 0: removed
    /// @param startedAt by [System#nanoTime]
    synchronized void acknowledged(int quantity, long startedAt) {
        acknowledged = quantity;
        pending.removeIf(edit -> startedAt - edit.endedAt > LATE_NANOS);
    }

    synchronized void unanswered(int quantity) {
        pending.add(new Pending(quantity, System.nanoTime()));
    }

    /// An addition: its result depends on the quantity that the Region had.
    synchronized void unansweredAddition() {
        pending.add(new Pending(ANY, System.nanoTime()));
    }

    /// Whether the line may have this quantity at the end.
    public synchronized boolean allows(int quantity) {
        return quantity == acknowledged
                || pending.stream().anyMatch(edit -> edit.quantity == ANY || edit.quantity == quantity);
    }

    /// Whether all edits got a response.
    public synchronized boolean isCertain() {
        return pending.isEmpty();
    }

    @Override
    public synchronized String toString() {
        return acknowledged
                + (pending.isEmpty()
                        ? ""
                        : " or " + pending.stream().map(Pending::quantity).toList());
    }
}
