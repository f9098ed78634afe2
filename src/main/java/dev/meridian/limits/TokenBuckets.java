package dev.meridian.limits;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// Token buckets of many owners, each with the same number of buckets, all full at first. Bounded: beyond the
/// largest number of owners the one that has asked for nothing for the longest time is forgotten. Thread-safe;
/// a call holds a lock for some steps of arithmetic.
///
/// A bucket is one number, the time when it will be full: taking a unit moves that time on by the time in which
/// one unit comes back.
///
/// @param <K> names an owner; any value with `equals` and `hashCode`
public final class TokenBuckets<K> {
    private static final int PARTS = 16;
    /// With fewer owners than this there is one part, so that exactly the oldest is forgotten.
    private static final int OWNERS_OF_PARTS = 1024;

    private final int buckets;
    private final LongSupplier clock;
    private final long origin;
    private final Part[] parts;
    private final LongAdder forgotten = new LongAdder();

    /// @param ownersMax how many owners are remembered, 1 or more, rounded up to a multiple of 16 above 1,024
    /// @param buckets how many buckets each owner has
    /// @param clock nanoseconds since any moment, as `System::nanoTime`
    public TokenBuckets(int ownersMax, int buckets, LongSupplier clock) {
        this.buckets = buckets;
        this.clock = clock;
        this.origin = clock.getAsLong();
        int count = ownersMax < OWNERS_OF_PARTS ? 1 : PARTS;
        this.parts = newParts(count, (ownersMax + count - 1) / count);
    }

    @SuppressWarnings("unchecked") // An array of a generic class cannot be made otherwise.
    private Part[] newParts(int count, int ownersMax) {
        return Stream.generate(() -> new Part(ownersMax)).limit(count).toArray(TokenBuckets.Part[]::new);
    }

    /// Takes units out of a bucket, all or none. More than the bucket can hold count as all that it can hold.
    ///
    /// @param bucket 0 or more, which of the owner's buckets
    public Level take(K owner, int bucket, Rate rate, int units) {
        long unit = rate.unitNanos();
        long capacity = unit * rate.units();
        long cost = unit * Math.min(units, rate.units());
        var part = part(owner);
        synchronized (part) {
            var fullAt = part.computeIfAbsent(owner, _ -> new long[buckets]);
            long now = clock.getAsLong() - origin;
            long missing = Math.max(0, fullAt[bucket] - now);
            long wait = Math.max(0, missing + cost - capacity);
            if (wait == 0) {
                missing += cost;
                fullAt[bucket] = now + missing;
            }
            return new Level((capacity - missing) / unit, wait, missing);
        }
    }

    /// Puts back what [#take] has taken.
    public void giveBack(K owner, int bucket, Rate rate, int units) {
        var part = part(owner);
        synchronized (part) {
            var fullAt = part.get(owner);
            if (fullAt != null) fullAt[bucket] -= rate.unitNanos() * Math.min(units, rate.units());
        }
    }

    /// How many owners are remembered.
    int owners() {
        int owners = 0;
        for (var part : parts) {
            synchronized (part) {
                owners += part.size();
            }
        }
        return owners;
    }

    /// How many owners were forgotten while a bucket of theirs was not full, so that they gained by it.
    long forgotten() {
        return forgotten.sum();
    }

    private Part part(K owner) {
        int hash = owner.hashCode();
        return parts[(hash ^ hash >>> 16) & parts.length - 1];
    }

    /// Owners in the order of their last call, with the times when their buckets will be full. Its own lock.
    private final class Part extends LinkedHashMap<K, long[]> {
        private static final long serialVersionUID = 1L;

        private final int max;

        Part(int max) {
            super(PARTS, 0.75f, true);
            this.max = max;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, long[]> eldest) {
            if (size() <= max) return false;
            long now = clock.getAsLong() - origin;
            if (Arrays.stream(eldest.getValue()).anyMatch(fullAt -> fullAt > now)) forgotten.increment();
            return true;
        }
    }
}
