package dev.meridian.lab.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A cart line that one client alone edits: what it may hold at the end.
///
/// That is the last acknowledged edit, or one without an answer. An edit without an answer may still be under
/// way when the next one is acknowledged, so it counts until the longest time that a request can take has
/// passed.
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

    /// An addition: what it makes depends on what the Region knew.
    synchronized void unansweredAddition() {
        pending.add(new Pending(ANY, System.nanoTime()));
    }

    /// Whether this quantity is one that the client may find at the end.
    public synchronized boolean allows(int quantity) {
        return quantity == acknowledged
                || pending.stream().anyMatch(edit -> edit.quantity == ANY || edit.quantity == quantity);
    }

    /// Whether all edits were answered.
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
