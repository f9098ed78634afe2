package dev.meridian.lab.replication;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// A write of one item that is to be replicated to the other Region.
///
/// @param key the item's key as text
/// @param keyAttributes the item's key
/// @param image the whole item, null when it was deleted
/// @param version the time and the Region of the write
record Change(
        String key, Map<String, AttributeValue> keyAttributes, Map<String, AttributeValue> image, Version version) {

    /// The order of writes of one item. One clock stamps the writes of both Regions, so ties occur only in
    /// tests; then the Region with the larger name wins, in both.
    record Version(long at, String region) implements Comparable<Version> {
        @Override
        public int compareTo(Version other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : region.compareTo(other.region);
        }
    }
}
