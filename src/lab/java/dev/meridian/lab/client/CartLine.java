package dev.meridian.lab.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A cart line that only one client edits, one edit after the other, each in any Region; and the quantities
/// that it may have at the end.
///
/// Each acknowledged edit counts once, in this sequence. An edit without a response may or may not take
/// effect, also after the next ones: it counts for as long as a request can take.
public final class CartLine {
    private static final long LATE_NANOS = Duration.ofSeconds(20).toNanos();
    /// With more edits that may still take effect, any quantity is allowed.
    private static final int LATE_MAX = 5;

    /// One edit with its retries.
    ///
    /// @param sets whether it sets the quantity; else it adds, once for all tries, since it has a key
    record Edit(boolean sets, int quantity) {
        int of(int before) {
            return sets ? quantity : before + quantity;
        }
    }

    private record Late(Edit edit, long endedAt) {}

    private final List<Late> late = new ArrayList<>();
    /// The Regions that took edits.
    private final Set<String> replicas = new TreeSet<>();
    private boolean wasSet;
    /// After the acknowledged edits.
    private Set<Integer> settled = Set.of(0);
    /// Too many edits had no response since the last set.
    private boolean isUnclear;

    /// @param startedAt by [System#nanoTime]
    /// @param replica the Region whose DynamoDB took it
    synchronized void acknowledged(Edit edit, long startedAt, String replica) {
        replicas.add(replica);
        wasSet |= edit.sets;
        late.removeIf(one -> !edit.sets && one.edit == edit);
        var before = possible();
        late.removeIf(one -> startedAt - one.endedAt > LATE_NANOS);
        isUnclear = edit.sets ? late.size() > LATE_MAX : isUnclear || late.size() > LATE_MAX;
        var after = new TreeSet<Integer>();
        if (edit.sets) after.add(edit.quantity);
        else before.forEach(quantity -> after.add(edit.of(quantity)));
        settled = after;
    }

    synchronized void unanswered(Edit edit) {
        replicas.add("unknown");
        wasSet |= edit.sets;
        late.removeIf(one -> one.edit == edit);
        late.add(new Late(edit, System.nanoTime()));
        isUnclear |= late.size() > LATE_MAX;
    }

    /// The quantities after some of the late edits, in any sequence, each once.
    private Set<Integer> possible() {
        var all = new TreeSet<Integer>();
        if (!isUnclear) settled.forEach(quantity -> follow(quantity, List.copyOf(late), all));
        return all;
    }

    private static void follow(int quantity, List<Late> late, Set<Integer> all) {
        all.add(quantity);
        for (var next : late) {
            var rest = new ArrayList<>(late);
            rest.remove(next);
            follow(next.edit.of(quantity), rest, all);
        }
    }

    /// Whether the line may have this quantity at the end.
    public synchronized boolean allows(int quantity) {
        return isUnclear || possible().contains(quantity);
    }

    /// Whether the clocks of two Regions decide the quantity: it was set in one of them, and edited in both.
    public synchronized boolean isByClocks() {
        return wasSet && replicas.size() > 1;
    }

    /// Whether all edits got a response.
    public synchronized boolean isCertain() {
        return late.isEmpty() && !isUnclear;
    }

    @Override
    public synchronized String toString() {
        return isUnclear ? "anything" : possible().toString();
    }
}
