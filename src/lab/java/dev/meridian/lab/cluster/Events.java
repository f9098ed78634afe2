package dev.meridian.lab.cluster;

import java.util.ArrayDeque;
import java.util.List;

/// What happened, the last of it.
public final class Events {
    private static final int KEPT = 200;

    private final ArrayDeque<LabEvent> events = new ArrayDeque<>();

    /// Something happened now.
    ///
    /// @param what one line for people
    public synchronized void add(String what) {
        events.addLast(new LabEvent(System.currentTimeMillis(), what));
        if (events.size() > KEPT) events.removeFirst();
    }

    /// The newest last.
    public synchronized List<LabEvent> last() {
        return List.copyOf(events);
    }
}
