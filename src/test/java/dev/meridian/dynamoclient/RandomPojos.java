package dev.meridian.dynamoclient;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/// Objects of the SDK's model with random members: empty and huge values, binary, all of Unicode, numbers at
/// their limits.
final class RandomPojos {
    private static final int DEPTH = 4;
    /// DynamoDB nests 32 levels.
    private static final int DEEPEST = 32;

    private static final List<String> NUMBERS = List.of(
            "0",
            "-1",
            "1.50",
            "9223372036854775807",
            "-9223372036854775808",
            "99999999999999999999999999999999999999",
            "9.9999999999999999999999999999999999999E+125",
            "-9.9999999999999999999999999999999999999E+125",
            "1E-130",
            "-1E-130");
    private static final List<String> PIECES = List.of(
            "",
            "a",
            "customerId",
            "#n = :v AND attribute_exists(#n)",
            "\"",
            "\\",
            "/",
            "\b\f\n\r\t",
            "\u0000\u0001\u001f\u007f\u0080",
            "é",
            "\u2028\u2029",
            "\uFFFD\uFFFE\uFFFF",
            "漢字",
            "\uD83D\uDE00",
            "\uDBFF\uDFFF",
            "</script>",
            "null",
            "{\"S\":\"x\"}");

    private final Random random;

    RandomPojos(Random random) {
        this.random = random;
    }

    static <T extends SdkPojo> T empty(Class<T> type) {
        return type.cast(((SdkBuilder<?, ?>) builder(type)).build());
    }

    private static SdkPojo builder(Class<?> type) {
        try {
            return (SdkPojo) type.getMethod("builder").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /// An object with some of its members.
    ///
    /// @param isAllowed which members, by `GetItemRequest.Key`, at any depth
    <T> T some(Class<T> type, Predicate<String> isAllowed) {
        return type.cast(pojo(builder(type), type, isAllowed, 0));
    }

    /// An object with one member.
    <T extends SdkPojo> T only(Class<T> type, SdkField<?> field, Predicate<String> isAllowed) {
        var builder = builder(type);
        field.set(builder, value(field, isAllowed, 1));
        return type.cast(((SdkBuilder<?, ?>) builder).build());
    }

    private Object pojo(SdkPojo builder, Class<?> type, Predicate<String> isAllowed, int depth) {
        if (type == AttributeValue.class) return attribute(depth);
        for (var field : builder.sdkFields()) {
            if (!isAllowed.test(name(type, field)) || random.nextInt(4) == 0) continue;
            field.set(builder, value(field, isAllowed, depth + 1));
        }
        return ((SdkBuilder<?, ?>) builder).build();
    }

    static String name(Class<?> type, SdkField<?> field) {
        return type.getSimpleName() + "." + field.memberName();
    }

    /// The classes of the model that an object of this one may contain, but attribute values, and itself.
    static Set<Class<? extends SdkPojo>> parts(Class<? extends SdkPojo> type) {
        var parts = new LinkedHashSet<Class<? extends SdkPojo>>();
        collect(type, parts);
        return parts;
    }

    private static void collect(Class<? extends SdkPojo> type, Set<Class<? extends SdkPojo>> parts) {
        if (type == AttributeValue.class || !parts.add(type)) return;
        for (var field : empty(type).sdkFields()) {
            var inner = innermost(field);
            if (inner.constructor() != null) collect(built(inner), parts);
        }
    }

    private static SdkField<?> innermost(SdkField<?> field) {
        if (field.containsTrait(ListTrait.class))
            return innermost(field.getTrait(ListTrait.class).memberFieldInfo());
        if (field.containsTrait(MapTrait.class))
            return innermost(field.getTrait(MapTrait.class).valueFieldInfo());
        return field;
    }

    /// The class that the builder of a field builds.
    static Class<? extends SdkPojo> built(SdkField<?> field) {
        return ((SdkBuilder<?, ?>) field.constructor().get()).build().getClass().asSubclass(SdkPojo.class);
    }

    private Object value(SdkField<?> field, Predicate<String> isAllowed, int depth) {
        if (field.containsTrait(ListTrait.class)) {
            var element = field.getTrait(ListTrait.class).memberFieldInfo();
            var list = new ArrayList<Object>();
            for (var i = random.nextInt(4); i > 0; i--) list.add(value(element, isAllowed, depth));
            return list;
        }
        if (field.containsTrait(MapTrait.class)) {
            var element = field.getTrait(MapTrait.class).valueFieldInfo();
            var map = new HashMap<String, Object>();
            for (var i = random.nextInt(4); i > 0; i--) map.put(name(), value(element, isAllowed, depth));
            return map;
        }
        if (field.constructor() != null) {
            return pojo(field.constructor().get(), built(field), isAllowed, depth);
        }
        var type = field.marshallingType().getTargetClass();
        if (type == String.class) return text();
        if (type == Boolean.class) return random.nextBoolean();
        if (type == Integer.class)
            return List.of(0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 25).get(random.nextInt(6));
        throw new IllegalStateException("no generator of " + type + ", add one");
    }

    AttributeValue attribute(int depth) {
        return switch (random.nextInt(depth < DEPTH ? 10 : 8)) {
            case 0, 1 -> AttributeValue.fromS(text());
            case 2 -> AttributeValue.fromN(number());
            case 3 -> AttributeValue.fromBool(random.nextBoolean());
            case 4 -> AttributeValue.fromNul(random.nextInt(8) > 0);
            case 5 -> AttributeValue.fromB(bytes());
            case 6 ->
                random.nextBoolean()
                        ? AttributeValue.fromSs(List.of(text(), text()))
                        : AttributeValue.fromNs(random.nextInt(4) == 0 ? List.of() : List.of(number(), number()));
            case 7 -> AttributeValue.fromBs(List.of(bytes(), bytes()));
            case 8 -> AttributeValue.fromM(attributes(depth + 1));
            default ->
                AttributeValue.fromL(
                        random.nextInt(4) == 0 ? List.of() : List.of(attribute(depth + 1), attribute(depth + 1)));
        };
    }

    Map<String, AttributeValue> attributes(int depth) {
        var item = new HashMap<String, AttributeValue>();
        for (var i = random.nextInt(4); i > 0; i--) item.put(name(), attribute(depth));
        return item;
    }

    /// As deep as DynamoDB allows.
    static AttributeValue deepest() {
        var value = AttributeValue.fromS("bottom");
        for (var i = 1; i < DEEPEST; i++) {
            value = i % 2 == 0 ? AttributeValue.fromL(List.of(value)) : AttributeValue.fromM(Map.of("down", value));
        }
        return value;
    }

    private String number() {
        return NUMBERS.get(random.nextInt(NUMBERS.size()));
    }

    private SdkBytes bytes() {
        var bytes = new byte[random.nextInt(200) == 0 ? 100_000 : random.nextInt(5)];
        random.nextBytes(bytes);
        return SdkBytes.fromByteArray(bytes);
    }

    /// The SDK reads names up to 64 KB, as long as DynamoDB allows those of attributes.
    private String name() {
        var name = text();
        return name.length() < 20_000 ? name : name.substring(0, 20_000);
    }

    private String text() {
        if (random.nextInt(1000) == 0)
            return PIECES.get(1 + random.nextInt(PIECES.size() - 1)).repeat(50_000);
        var text = new StringBuilder();
        for (var i = random.nextInt(4); i >= 0; i--) text.append(PIECES.get(random.nextInt(PIECES.size())));
        return text.toString();
    }
}
