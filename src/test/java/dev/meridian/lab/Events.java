package dev.meridian.lab;

import java.util.ArrayDeque;
import java.util.List;

/// What happened, the last of it.
final class Events {
    private static final int KEPT = 200;

    private final ArrayDeque<LabEvent> events = new ArrayDeque<>();

    synchronized void add(String what) {
        events.addLast(new LabEvent(System.currentTimeMillis(), what));
        if (events.size() > KEPT) events.removeFirst();
    }

    synchronized List<LabEvent> last() {
        return List.copyOf(events);
    }
}
