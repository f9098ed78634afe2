package dev.meridian.dynamo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.AbstractMap;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// An item of an index that knows which of its attributes were read.
public final class ReadItem extends AbstractMap<String, AttributeValue> {
    private final Map<String, AttributeValue> item;
    private final Set<String> read = new HashSet<>();

    private ReadItem(Map<String, AttributeValue> item) {
        this.item = item;
    }

    /// The index projects what the reader reads, and nothing else.
    ///
    /// @param item an item with all attributes that the reader needs
    public static void assertProjectionIsRead(
            String index, Map<String, AttributeValue> item, Function<Map<String, AttributeValue>, ?> reader) {
        var table = Arrays.stream(DynamoTable.values())
                .filter(owner ->
                        owner.indexes().stream().anyMatch(one -> one.name().equals(index)))
                .findFirst()
                .orElseThrow();
        var declared = table.index(index);
        var seen = new ReadItem(item);
        reader.apply(seen);
        var keys = Stream.concat(
                        Stream.of(table.hashKey(), declared.hashKey(), declared.rangeKey()), table.rangeKey().stream())
                .toList();
        assertTrue(seen.read.stream().anyMatch(keys::contains), "no key was read");
        seen.read.removeAll(keys);
        assertEquals(new TreeSet<>(declared.included()), new TreeSet<>(seen.read), index);
        assertTrue(declared.included().stream().noneMatch(keys::contains), "keys are projected anyway");
        assertEquals(Set.copyOf(declared.included()).size(), declared.included().size());
    }

    /// An item with texts.
    public static Map<String, AttributeValue> of(String... namesAndTexts) {
        var item = new HashMap<String, AttributeValue>();
        var all = List.of(namesAndTexts);
        for (int i = 0; i < all.size(); i += 2) item.put(all.get(i), AttributeValue.fromS(all.get(i + 1)));
        return item;
    }

    @Override
    public AttributeValue get(Object name) {
        read.add((String) name);
        return item.get(name);
    }

    @Override
    public boolean containsKey(Object name) {
        read.add((String) name);
        return item.containsKey(name);
    }

    @Override
    public Set<Entry<String, AttributeValue>> entrySet() {
        return item.entrySet();
    }
}
