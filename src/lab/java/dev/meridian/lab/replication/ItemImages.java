package dev.meridian.lab.replication;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Comparison of items. DynamoDB returns the members of a set in any order.
public final class ItemImages {
    /// A condition expression with its names and values.
    record Condition(String expression, Map<String, String> names, Map<String, AttributeValue> values) {}

    private ItemImages() {}

    /// The item with its sets sorted.
    static Map<String, AttributeValue> normal(Map<String, AttributeValue> item) {
        return item.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> normal(entry.getValue())));
    }

    /// The key of an item as text.
    static String key(Map<String, AttributeValue> item, List<String> keyNames) {
        return keyNames.stream().map(name -> item.get(name).s()).collect(Collectors.joining(" / "));
    }

    static Map<String, AttributeValue> keyOf(Map<String, AttributeValue> item, List<String> keyNames) {
        var key = new HashMap<String, AttributeValue>();
        keyNames.forEach(name -> key.put(name, item.get(name)));
        return key;
    }

    /// The difference of two items, as text.
    public static String difference(Map<String, AttributeValue> one, Map<String, AttributeValue> other) {
        if (one == null || other == null)
            return (one == null ? "absent" : "there") + " and " + (other == null ? "absent" : "there");
        var names = new java.util.TreeSet<>(one.keySet());
        names.addAll(other.keySet());
        return names.stream()
                .filter(name -> !java.util.Objects.equals(one.get(name), other.get(name)))
                .map(name -> name + " is " + one.get(name) + " and " + other.get(name))
                .collect(Collectors.joining(", "));
    }

    /// The condition that the stored item is still the expected one.
    ///
    /// @param expected null when there must be no item
    /// @param keyName the partition key
    /// @param others attributes that the stored item must not have unless expected
    static Condition unchanged(Map<String, AttributeValue> expected, String keyName, Collection<String> others) {
        if (expected == null) return new Condition("attribute_not_exists(#k)", Map.of("#k", keyName), null);
        var names = new HashMap<String, String>();
        var values = new HashMap<String, AttributeValue>();
        var parts = new ArrayList<String>();
        for (var attribute : new TreeMap<>(expected).entrySet()) {
            int i = parts.size();
            names.put("#a" + i, attribute.getKey());
            values.put(":a" + i, attribute.getValue());
            parts.add("#a" + i + " = :a" + i);
        }
        for (var other : others) {
            if (expected.containsKey(other)) continue;
            names.put("#a" + parts.size(), other);
            parts.add("attribute_not_exists(#a" + parts.size() + ")");
        }
        return new Condition(String.join(" AND ", parts), names, values);
    }

    private static AttributeValue normal(AttributeValue value) {
        return switch (value.type()) {
            case SS -> AttributeValue.fromSs(value.ss().stream().sorted().toList());
            case NS -> AttributeValue.fromNs(value.ns().stream().sorted().toList());
            case BS ->
                AttributeValue.fromBs(value.bs().stream()
                        .sorted(java.util.Comparator.comparing(SdkBytes::asUtf8String))
                        .toList());
            case L ->
                AttributeValue.fromL(value.l().stream().map(ItemImages::normal).toList());
            case M -> AttributeValue.fromM(normal(value.m()));
            default -> value;
        };
    }
}
