package dev.meridian.lab.cluster;

/// How many calls of DynamoDB were refused. A refused call is not done.
///
/// @param throttled calls that were throttled, wholly or in part
/// @param conflicts writes refused for another write of the same item
public record Refused(long throttled, long conflicts) {
    Refused plus(Refused other) {
        return new Refused(throttled + other.throttled, conflicts + other.conflicts);
    }

    /// Those since an earlier count.
    public Refused since(Refused earlier) {
        return new Refused(throttled - earlier.throttled, conflicts - earlier.conflicts);
    }
}
