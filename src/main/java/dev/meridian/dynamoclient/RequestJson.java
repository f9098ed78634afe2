package dev.meridian.dynamoclient;

import static dev.meridian.dynamoclient.DynamoJson.flag;
import static dev.meridian.dynamoclient.DynamoJson.item;
import static dev.meridian.dynamoclient.DynamoJson.names;
import static dev.meridian.dynamoclient.DynamoJson.number;
import static dev.meridian.dynamoclient.DynamoJson.text;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.Update;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// Requests as JSON, like the SDK's. A request with a member that is not written here is refused; a test sets
/// each member that the SDK knows.
final class RequestJson {
    private RequestJson() {}

    static void write(GetItemRequest r, JsonGenerator json) throws IOException {
        refuse(r.hasAttributesToGet() || isSet(r.returnConsumedCapacityAsString()), r);
        text(json, "TableName", r.tableName());
        item(json, "Key", r.key());
        text(json, "ProjectionExpression", r.projectionExpression());
        names(json, r.expressionAttributeNames());
        flag(json, "ConsistentRead", r.consistentRead());
    }

    static void write(PutItemRequest r, JsonGenerator json) throws IOException {
        refuse(
                r.hasExpected()
                        || isSet(r.conditionalOperatorAsString())
                        || isSet(r.returnConsumedCapacityAsString())
                        || isSet(r.returnItemCollectionMetricsAsString()),
                r);
        text(json, "TableName", r.tableName());
        item(json, "Item", r.item());
        condition(
                json,
                r.conditionExpression(),
                r.expressionAttributeNames(),
                r.expressionAttributeValues(),
                r.returnValuesOnConditionCheckFailureAsString());
        text(json, "ReturnValues", r.returnValuesAsString());
    }

    static void write(UpdateItemRequest r, JsonGenerator json) throws IOException {
        refuse(
                r.hasAttributeUpdates()
                        || r.hasExpected()
                        || isSet(r.conditionalOperatorAsString())
                        || isSet(r.returnConsumedCapacityAsString())
                        || isSet(r.returnItemCollectionMetricsAsString()),
                r);
        text(json, "TableName", r.tableName());
        item(json, "Key", r.key());
        text(json, "UpdateExpression", r.updateExpression());
        condition(
                json,
                r.conditionExpression(),
                r.expressionAttributeNames(),
                r.expressionAttributeValues(),
                r.returnValuesOnConditionCheckFailureAsString());
        text(json, "ReturnValues", r.returnValuesAsString());
    }

    static void write(DeleteItemRequest r, JsonGenerator json) throws IOException {
        refuse(
                r.hasExpected()
                        || isSet(r.conditionalOperatorAsString())
                        || isSet(r.returnConsumedCapacityAsString())
                        || isSet(r.returnItemCollectionMetricsAsString()),
                r);
        text(json, "TableName", r.tableName());
        item(json, "Key", r.key());
        condition(
                json,
                r.conditionExpression(),
                r.expressionAttributeNames(),
                r.expressionAttributeValues(),
                r.returnValuesOnConditionCheckFailureAsString());
        text(json, "ReturnValues", r.returnValuesAsString());
    }

    static void write(QueryRequest r, JsonGenerator json) throws IOException {
        refuse(
                r.hasAttributesToGet()
                        || r.hasKeyConditions()
                        || r.hasQueryFilter()
                        || isSet(r.conditionalOperatorAsString())
                        || isSet(r.returnConsumedCapacityAsString()),
                r);
        text(json, "TableName", r.tableName());
        text(json, "IndexName", r.indexName());
        text(json, "KeyConditionExpression", r.keyConditionExpression());
        text(json, "FilterExpression", r.filterExpression());
        text(json, "ProjectionExpression", r.projectionExpression());
        names(json, r.expressionAttributeNames());
        item(json, "ExpressionAttributeValues", r.expressionAttributeValues());
        item(json, "ExclusiveStartKey", r.exclusiveStartKey());
        text(json, "Select", r.selectAsString());
        flag(json, "ConsistentRead", r.consistentRead());
        flag(json, "ScanIndexForward", r.scanIndexForward());
        number(json, "Limit", r.limit());
    }

    static void write(ScanRequest r, JsonGenerator json) throws IOException {
        refuse(
                r.hasAttributesToGet()
                        || r.hasScanFilter()
                        || isSet(r.conditionalOperatorAsString())
                        || isSet(r.returnConsumedCapacityAsString()),
                r);
        text(json, "TableName", r.tableName());
        text(json, "IndexName", r.indexName());
        text(json, "FilterExpression", r.filterExpression());
        text(json, "ProjectionExpression", r.projectionExpression());
        names(json, r.expressionAttributeNames());
        item(json, "ExpressionAttributeValues", r.expressionAttributeValues());
        item(json, "ExclusiveStartKey", r.exclusiveStartKey());
        text(json, "Select", r.selectAsString());
        flag(json, "ConsistentRead", r.consistentRead());
        number(json, "Segment", r.segment());
        number(json, "TotalSegments", r.totalSegments());
        number(json, "Limit", r.limit());
    }

    static void write(BatchGetItemRequest r, JsonGenerator json) throws IOException {
        refuse(isSet(r.returnConsumedCapacityAsString()), r);
        if (!r.hasRequestItems()) return;
        json.writeObjectFieldStart("RequestItems");
        for (var table : r.requestItems().entrySet()) {
            json.writeObjectFieldStart(table.getKey());
            write(table.getValue(), json);
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void write(KeysAndAttributes keys, JsonGenerator json) throws IOException {
        if (keys.hasAttributesToGet()) refuse(keys);
        if (keys.hasKeys()) {
            json.writeArrayFieldStart("Keys");
            for (var key : keys.keys()) item(json, key);
            json.writeEndArray();
        }
        text(json, "ProjectionExpression", keys.projectionExpression());
        names(json, keys.expressionAttributeNames());
        flag(json, "ConsistentRead", keys.consistentRead());
    }

    static void write(BatchWriteItemRequest r, JsonGenerator json) throws IOException {
        refuse(isSet(r.returnConsumedCapacityAsString()) || isSet(r.returnItemCollectionMetricsAsString()), r);
        if (!r.hasRequestItems()) return;
        json.writeObjectFieldStart("RequestItems");
        for (var table : r.requestItems().entrySet()) {
            json.writeArrayFieldStart(table.getKey());
            for (var write : table.getValue()) write(write, json);
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void write(WriteRequest write, JsonGenerator json) throws IOException {
        json.writeStartObject();
        if (write.putRequest() != null) {
            json.writeObjectFieldStart("PutRequest");
            item(json, "Item", write.putRequest().item());
            json.writeEndObject();
        }
        if (write.deleteRequest() != null) {
            json.writeObjectFieldStart("DeleteRequest");
            item(json, "Key", write.deleteRequest().key());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    static void write(TransactWriteItemsRequest r, JsonGenerator json) throws IOException {
        refuse(isSet(r.returnConsumedCapacityAsString()) || isSet(r.returnItemCollectionMetricsAsString()), r);
        if (r.hasTransactItems()) {
            json.writeArrayFieldStart("TransactItems");
            for (var part : r.transactItems()) write(part, json);
            json.writeEndArray();
        }
        // The SDK makes one too when the caller has none. DynamoDB knows a repeated transaction by it, so whoever
        // repeats a call has to make it: this one is another one each time.
        text(json, "ClientRequestToken", Objects.requireNonNullElseGet(r.clientRequestToken(), RequestJson::token));
    }

    private static String token() {
        return UUID.randomUUID().toString();
    }

    private static void write(TransactWriteItem part, JsonGenerator json) throws IOException {
        json.writeStartObject();
        if (part.put() != null) write(part.put(), json);
        if (part.update() != null) write(part.update(), json);
        if (part.delete() != null) write(part.delete(), json);
        if (part.conditionCheck() != null) write(part.conditionCheck(), json);
        json.writeEndObject();
    }

    private static void write(Put put, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("Put");
        text(json, "TableName", put.tableName());
        item(json, "Item", put.item());
        condition(
                json,
                put.conditionExpression(),
                put.expressionAttributeNames(),
                put.expressionAttributeValues(),
                put.returnValuesOnConditionCheckFailureAsString());
        json.writeEndObject();
    }

    private static void write(Update update, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("Update");
        text(json, "TableName", update.tableName());
        item(json, "Key", update.key());
        text(json, "UpdateExpression", update.updateExpression());
        condition(
                json,
                update.conditionExpression(),
                update.expressionAttributeNames(),
                update.expressionAttributeValues(),
                update.returnValuesOnConditionCheckFailureAsString());
        json.writeEndObject();
    }

    private static void write(Delete delete, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("Delete");
        text(json, "TableName", delete.tableName());
        item(json, "Key", delete.key());
        condition(
                json,
                delete.conditionExpression(),
                delete.expressionAttributeNames(),
                delete.expressionAttributeValues(),
                delete.returnValuesOnConditionCheckFailureAsString());
        json.writeEndObject();
    }

    private static void write(ConditionCheck check, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("ConditionCheck");
        text(json, "TableName", check.tableName());
        item(json, "Key", check.key());
        condition(
                json,
                check.conditionExpression(),
                check.expressionAttributeNames(),
                check.expressionAttributeValues(),
                check.returnValuesOnConditionCheckFailureAsString());
        json.writeEndObject();
    }

    static void write(DescribeTableRequest r, JsonGenerator json) throws IOException {
        refuse(false, r);
        text(json, "TableName", r.tableName());
    }

    /// What all writes have in common. The values are those of an update's expression too.
    private static void condition(
            JsonGenerator json,
            String condition,
            Map<String, String> names,
            Map<String, AttributeValue> values,
            String onFailure)
            throws IOException {
        text(json, "ConditionExpression", condition);
        names(json, names);
        item(json, "ExpressionAttributeValues", values);
        text(json, "ReturnValuesOnConditionCheckFailure", onFailure);
    }

    /// @param hasOthers whether a member is set that is not written here
    private static void refuse(boolean hasOthers, DynamoDbRequest request) {
        if (hasOthers) refuse(request);
        if (request.overrideConfiguration().isPresent()) {
            throw new IllegalArgumentException("the client heeds no configuration of a single request");
        }
    }

    private static void refuse(SdkPojo pojo) {
        throw new IllegalArgumentException("the client does not write one of " + members(pojo));
    }

    private static List<String> members(SdkPojo pojo) {
        return pojo.sdkFields().stream()
                .filter(field -> isSet(field.getValueOrDefault(pojo)))
                .map(SdkField::memberName)
                .toList();
    }

    private static boolean isSet(Object member) {
        return member != null && !(member instanceof SdkAutoConstructMap) && !(member instanceof SdkAutoConstructList);
    }
}
