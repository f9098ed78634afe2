package dev.meridian.lab.client;

import java.util.LinkedHashSet;
import java.util.Set;

/// A product that one administrator changes, one change after the other, each with another description. A try without
/// an answer may still be done later, also when another try of the same change was answered.
public final class ProductEdits {
    private final Set<String> unanswered = new LinkedHashSet<>();
    private String last;
    private int acknowledged;

    synchronized void acknowledged(String description) {
        last = description;
        acknowledged++;
    }

    synchronized void unanswered(String description) {
        unanswered.add(description);
    }

    /// How many changes were acknowledged.
    public synchronized int changes() {
        return acknowledged;
    }

    /// Whether the product must exist.
    public synchronized boolean isAcknowledged() {
        return last != null;
    }

    /// Whether it may have this description at the end.
    public synchronized boolean allows(String description) {
        return description.equals(last) || unanswered.contains(description);
    }

    @Override
    public synchronized String toString() {
        return "last acknowledged " + last + ", unanswered " + unanswered;
    }
}
