package dev.meridian.dynamoclient;

import static dev.meridian.dynamoclient.DynamoJson.expect;
import static dev.meridian.dynamoclient.DynamoJson.list;
import static dev.meridian.dynamoclient.DynamoJson.map;
import static dev.meridian.dynamoclient.DynamoJson.text;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Reads the items of one answer. Most values are texts and numbers: each kind has one builder here, as a new one
/// and its set of types cost more than the value.
final class ItemReader {
    private final AttributeValue.Builder text = AttributeValue.builder();
    private final AttributeValue.Builder number = AttributeValue.builder();

    Map<String, AttributeValue> item(JsonParser json) throws IOException {
        return map(json, this::value);
    }

    private AttributeValue value(JsonParser json) throws IOException {
        expect(JsonToken.START_OBJECT, json.currentToken());
        expect(JsonToken.FIELD_NAME, json.nextToken());
        var type = json.currentName();
        json.nextToken();
        var value = switch (type) {
            case "S" -> text.s(text(json)).build();
            case "N" -> number.n(text(json)).build();
            case "BOOL" -> AttributeValue.fromBool(json.getBooleanValue());
            case "NULL" -> AttributeValue.fromNul(json.getBooleanValue());
            case "SS" -> AttributeValue.fromSs(list(json, DynamoJson::text));
            case "NS" -> AttributeValue.fromNs(list(json, DynamoJson::text));
            case "B" -> AttributeValue.fromB(bytes(json));
            case "BS" -> AttributeValue.fromBs(list(json, ItemReader::bytes));
            case "M" -> AttributeValue.fromM(item(json));
            case "L" -> AttributeValue.fromL(list(json, this::value));
            default -> throw new IOException("a value of an unknown type: " + type);
        };
        expect(JsonToken.END_OBJECT, json.nextToken());
        return value;
    }

    private static SdkBytes bytes(JsonParser json) throws IOException {
        expect(JsonToken.VALUE_STRING, json.currentToken());
        return SdkBytes.fromByteArrayUnsafe(json.getBinaryValue());
    }
}
