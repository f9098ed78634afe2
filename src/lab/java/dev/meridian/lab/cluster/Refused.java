package dev.meridian.lab.cluster;

/// How many calls of DynamoDB were refused, which are not done, or lost their answer, which are done.
///
/// @param throttled calls that were throttled, wholly or in part
/// @param conflicts writes refused for another write of the same item
/// @param unanswered calls that were done and whose answer was lost
public record Refused(long throttled, long conflicts, long unanswered) {
    Refused plus(Refused other) {
        return new Refused(throttled + other.throttled, conflicts + other.conflicts, unanswered + other.unanswered);
    }

    /// Those since an earlier count.
    public Refused since(Refused earlier) {
        return new Refused(
                throttled - earlier.throttled, conflicts - earlier.conflicts, unanswered - earlier.unanswered);
    }
}
