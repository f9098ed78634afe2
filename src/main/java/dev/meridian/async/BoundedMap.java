package dev.meridian.async;

import java.util.LinkedHashMap;
import java.util.Map;

/// A map of a bounded size that evicts the least recently used entry. Not thread-safe: its owner locks.
public final class BoundedMap<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;

    private final int max;

    /// @param max how many entries are kept
    public BoundedMap(int max) {
        super(16, 0.75f, true);
        this.max = max;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > max;
    }
}
