package dev.meridian.lab.client;

import java.util.Map;
import java.util.TreeMap;

/// The changes of one ticket that clients asked for, each with another mark.
public final class TicketEdits {
    /// By mark, how often it was answered 2xx: one that is sent again may be done again.
    private final Map<String, Integer> acknowledged = new TreeMap<>();

    synchronized void answered(String mark, boolean isGood) {
        acknowledged.merge(mark, isGood ? 1 : 0, Integer::sum);
    }

    /// How often each change was acknowledged, by mark; 0 for one that was not.
    public synchronized Map<String, Integer> acknowledged() {
        return Map.copyOf(acknowledged);
    }
}
