package dev.meridian.lab.cluster;

import java.util.ArrayDeque;
import java.util.List;

/// The latest events of the lab.
public final class Events {
    private static final int KEPT = 200;

    private final ArrayDeque<LabEvent> events = new ArrayDeque<>();

    /// Adds an event with the current time.
    ///
    /// @param what one line of text
    public synchronized void add(String what) {
        events.addLast(new LabEvent(System.currentTimeMillis(), what));
        if (events.size() > KEPT) events.removeFirst();
    }

    /// The newest last.
    public synchronized List<LabEvent> last() {
        return List.copyOf(events);
    }
}
