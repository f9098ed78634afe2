package dev.meridian.dynamoclient;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Attribute values as DynamoDB's JSON has them: `{"S":"text"}`, `{"N":"42"}`, …
final class DynamoJson {
    /// Without the bounds of Jackson that DynamoDB does not have: the client bounds the whole answer. Names
    /// are attributes and keys of maps, too many to keep each for ever.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private DynamoJson() {}

    /// A body under way. Its array is handed out as it is, so that nothing is copied.
    static final class Body extends ByteArrayOutputStream {
        private Body() {
            super(1024);
        }

        byte[] bytes() {
            return buf;
        }
    }

    /// Writes an object or a part of one.
    @FunctionalInterface
    interface Writer {
        void write(JsonGenerator json) throws IOException;
    }

    /// Reads an object; the parser stands on its `{`, and has to stand on its `}` afterwards.
    @FunctionalInterface
    interface Reader<T> {
        T read(JsonParser json) throws IOException;
    }

    /// Reads the value of one field of an object, or skips it; the parser stands on the value's first token
    /// and has to stand on its last one afterwards.
    @FunctionalInterface
    interface Field {
        void read(String name, JsonParser json) throws IOException;
    }

    static Body body(Writer fields) throws IOException {
        var body = new Body();
        try (var json = FACTORY.createGenerator(body)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        }
        return body;
    }

    static JsonParser parser(byte[] bytes, int offset, int length) throws IOException {
        return FACTORY.createParser(bytes, offset, length);
    }

    static void expect(JsonToken wanted, JsonToken found) throws IOException {
        if (found != wanted) throw new IOException("not the JSON of DynamoDB: " + found + " instead of " + wanted);
    }

    /// The fields of an object; those that are `null` count as absent.
    static void fields(JsonParser json, Field field) throws IOException {
        expect(JsonToken.START_OBJECT, json.currentToken());
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            if (json.nextToken() != JsonToken.VALUE_NULL) field.read(name, json);
        }
        expect(JsonToken.END_OBJECT, json.currentToken());
    }

    static <T> List<T> list(JsonParser json, Reader<T> element) throws IOException {
        expect(JsonToken.START_ARRAY, json.currentToken());
        var list = new ArrayList<T>();
        while (json.nextToken() != JsonToken.END_ARRAY) list.add(element.read(json));
        return list;
    }

    static <T> Map<String, T> map(JsonParser json, Reader<T> value) throws IOException {
        expect(JsonToken.START_OBJECT, json.currentToken());
        var map = new HashMap<String, T>(16);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            json.nextToken();
            map.put(name, value.read(json));
        }
        expect(JsonToken.END_OBJECT, json.currentToken());
        return map;
    }

    static String text(JsonParser json) throws IOException {
        expect(JsonToken.VALUE_STRING, json.currentToken());
        return json.getText();
    }

    /// A text unless it is absent.
    static void text(JsonGenerator json, String name, String value) throws IOException {
        if (value != null) json.writeStringField(name, value);
    }

    /// Likewise.
    static void flag(JsonGenerator json, String name, Boolean value) throws IOException {
        if (value != null) json.writeBooleanField(name, value);
    }

    /// Likewise.
    static void number(JsonGenerator json, String name, Integer value) throws IOException {
        if (value != null) json.writeNumberField(name, value);
    }

    /// Names behind placeholders, unless they were never set.
    static void names(JsonGenerator json, Map<String, String> names) throws IOException {
        if (names instanceof SdkAutoConstructMap) return;
        json.writeObjectFieldStart("ExpressionAttributeNames");
        for (var entry : names.entrySet()) json.writeStringField(entry.getKey(), entry.getValue());
        json.writeEndObject();
    }

    /// An item, a key or values behind placeholders, unless it was never set. One that was set and is empty
    /// is written: DynamoDB refuses most of them, and the caller has to learn of it.
    static void item(JsonGenerator json, String name, Map<String, AttributeValue> item) throws IOException {
        if (item instanceof SdkAutoConstructMap) return;
        json.writeFieldName(name);
        item(json, item);
    }

    static void item(JsonGenerator json, Map<String, AttributeValue> item) throws IOException {
        json.writeStartObject();
        for (var entry : item.entrySet()) {
            json.writeFieldName(entry.getKey());
            value(json, entry.getValue());
        }
        json.writeEndObject();
    }

    private static void value(JsonGenerator json, AttributeValue value) throws IOException {
        json.writeStartObject();
        switch (value.type()) {
            case S -> json.writeStringField("S", value.s());
            case N -> json.writeStringField("N", value.n());
            case BOOL -> json.writeBooleanField("BOOL", value.bool());
            case NUL -> json.writeBooleanField("NULL", value.nul());
            case SS -> texts(json, "SS", value.ss());
            case NS -> texts(json, "NS", value.ns());
            case B -> json.writeBinaryField("B", value.b().asByteArrayUnsafe());
            case BS -> {
                json.writeArrayFieldStart("BS");
                for (var bytes : value.bs()) json.writeBinary(bytes.asByteArrayUnsafe());
                json.writeEndArray();
            }
            case M -> {
                json.writeFieldName("M");
                item(json, value.m());
            }
            case L -> {
                json.writeArrayFieldStart("L");
                for (var element : value.l()) value(json, element);
                json.writeEndArray();
            }
            case null, default -> throw new IllegalArgumentException("an attribute value needs exactly one type");
        }
        json.writeEndObject();
    }

    private static void texts(JsonGenerator json, String type, Collection<String> texts) throws IOException {
        json.writeArrayFieldStart(type);
        for (var text : texts) json.writeString(text);
        json.writeEndArray();
    }

    /// One item; where an answer has many, one [ItemReader] reads them all.
    static Map<String, AttributeValue> item(JsonParser json) throws IOException {
        return new ItemReader().item(json);
    }

    /// Items, each an element of a list.
    static List<Map<String, AttributeValue>> items(JsonParser json) throws IOException {
        return list(json, new ItemReader()::item);
    }
}
