package dev.meridian.dynamo;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Java values as DynamoDB attributes.
public final class Attributes {
    private Attributes() {}

    /// A string (`S`).
    public static AttributeValue s(String value) {
        return AttributeValue.fromS(value);
    }

    /// A number (`N`).
    public static AttributeValue n(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }

    /// A map (`M`) of strings.
    public static AttributeValue m(Map<String, String> texts) {
        return AttributeValue.fromM(
                texts.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> s(entry.getValue()))));
    }

    /// A string that every such item has.
    public static String text(Map<String, AttributeValue> item, String name) {
        var value = item.get(name);
        if (value == null || value.s() == null) throw new IllegalArgumentException("no string " + name);
        return value.s();
    }

    /// A string; null where there is none.
    public static String textOrNull(Map<String, AttributeValue> item, String name) {
        var value = item.get(name);
        return value == null ? null : value.s();
    }

    /// An integer that every such item has.
    public static long number(Map<String, AttributeValue> item, String name) {
        var value = item.get(name);
        if (value == null || value.n() == null) throw new IllegalArgumentException("no number " + name);
        return Long.parseLong(value.n());
    }

    /// An integer; 0 where there is none.
    public static long numberOrZero(Map<String, AttributeValue> item, String name) {
        var value = item.get(name);
        return value == null || value.n() == null ? 0 : Long.parseLong(value.n());
    }

    /// A list (`L`) that every such item has.
    public static List<AttributeValue> list(Map<String, AttributeValue> item, String name) {
        var value = item.get(name);
        if (value == null || !value.hasL()) throw new IllegalArgumentException("no list " + name);
        return value.l();
    }

    /// The strings of a map (`M`).
    public static Map<String, String> texts(AttributeValue map) {
        if (!map.hasM()) throw new IllegalArgumentException("no map");
        return map.m().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().s()));
    }
}
