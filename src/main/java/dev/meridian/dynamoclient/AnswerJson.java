package dev.meridian.dynamoclient;

import static dev.meridian.dynamoclient.DynamoJson.fields;
import static dev.meridian.dynamoclient.DynamoJson.item;
import static dev.meridian.dynamoclient.DynamoJson.items;
import static dev.meridian.dynamoclient.DynamoJson.list;
import static dev.meridian.dynamoclient.DynamoJson.map;
import static dev.meridian.dynamoclient.DynamoJson.text;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// Answers from JSON, equal to the SDK's. Members that no request asks for (consumed capacity, metrics of
/// collections) are skipped, and of a table's description all but its name and state.
final class AnswerJson {
    private AnswerJson() {}

    static GetItemResponse getItem(JsonParser json) throws IOException {
        var response = GetItemResponse.builder();
        fields(json, (name, value) -> {
            if (name.equals("Item")) response.item(item(value));
            else value.skipChildren();
        });
        return response.build();
    }

    static PutItemResponse putItem(JsonParser json) throws IOException {
        var response = PutItemResponse.builder();
        fields(json, (name, value) -> {
            if (name.equals("Attributes")) response.attributes(item(value));
            else value.skipChildren();
        });
        return response.build();
    }

    static UpdateItemResponse updateItem(JsonParser json) throws IOException {
        var response = UpdateItemResponse.builder();
        fields(json, (name, value) -> {
            if (name.equals("Attributes")) response.attributes(item(value));
            else value.skipChildren();
        });
        return response.build();
    }

    static DeleteItemResponse deleteItem(JsonParser json) throws IOException {
        var response = DeleteItemResponse.builder();
        fields(json, (name, value) -> {
            if (name.equals("Attributes")) response.attributes(item(value));
            else value.skipChildren();
        });
        return response.build();
    }

    static QueryResponse query(JsonParser json) throws IOException {
        var response = QueryResponse.builder();
        fields(json, (name, value) -> {
            switch (name) {
                case "Items" -> response.items(items(value));
                case "LastEvaluatedKey" -> response.lastEvaluatedKey(item(value));
                case "Count" -> response.count(value.getIntValue());
                case "ScannedCount" -> response.scannedCount(value.getIntValue());
                default -> value.skipChildren();
            }
        });
        return response.build();
    }

    static ScanResponse scan(JsonParser json) throws IOException {
        var response = ScanResponse.builder();
        fields(json, (name, value) -> {
            switch (name) {
                case "Items" -> response.items(items(value));
                case "LastEvaluatedKey" -> response.lastEvaluatedKey(item(value));
                case "Count" -> response.count(value.getIntValue());
                case "ScannedCount" -> response.scannedCount(value.getIntValue());
                default -> value.skipChildren();
            }
        });
        return response.build();
    }

    static BatchGetItemResponse batchGetItem(JsonParser json) throws IOException {
        var response = BatchGetItemResponse.builder();
        fields(json, (name, value) -> {
            switch (name) {
                case "Responses" -> response.responses(map(value, DynamoJson::items));
                case "UnprocessedKeys" -> response.unprocessedKeys(map(value, AnswerJson::keys));
                default -> value.skipChildren();
            }
        });
        return response.build();
    }

    /// What comes back is sent again as it is, so nothing of it may be lost.
    private static KeysAndAttributes keys(JsonParser json) throws IOException {
        var keys = KeysAndAttributes.builder();
        fields(json, (name, value) -> {
            switch (name) {
                case "Keys" -> keys.keys(items(value));
                case "AttributesToGet" -> keys.attributesToGet(list(value, DynamoJson::text));
                case "ProjectionExpression" -> keys.projectionExpression(text(value));
                case "ConsistentRead" -> keys.consistentRead(value.getBooleanValue());
                case "ExpressionAttributeNames" -> keys.expressionAttributeNames(map(value, DynamoJson::text));
                default -> value.skipChildren();
            }
        });
        return keys.build();
    }

    static BatchWriteItemResponse batchWriteItem(JsonParser json) throws IOException {
        var response = BatchWriteItemResponse.builder();
        fields(json, (name, value) -> {
            if (name.equals("UnprocessedItems"))
                response.unprocessedItems(map(value, writes -> list(writes, AnswerJson::writeRequest)));
            else value.skipChildren();
        });
        return response.build();
    }

    private static WriteRequest writeRequest(JsonParser json) throws IOException {
        var write = WriteRequest.builder();
        fields(json, (kind, value) -> {
            switch (kind) {
                case "PutRequest" -> {
                    var put = map(value, DynamoJson::item).get("Item");
                    write.putRequest(request -> request.item(put));
                }
                case "DeleteRequest" -> {
                    var delete = map(value, DynamoJson::item).get("Key");
                    write.deleteRequest(request -> request.key(delete));
                }
                default -> value.skipChildren();
            }
        });
        return write.build();
    }

    static TransactWriteItemsResponse transactWriteItems(JsonParser json) throws IOException {
        fields(json, (_, value) -> value.skipChildren());
        return TransactWriteItemsResponse.builder().build();
    }

    static DescribeTableResponse describeTable(JsonParser json) throws IOException {
        var response = DescribeTableResponse.builder();
        fields(json, (name, value) -> {
            if (name.equals("Table")) response.table(table(value));
            else value.skipChildren();
        });
        return response.build();
    }

    private static TableDescription table(JsonParser json) throws IOException {
        var table = TableDescription.builder();
        fields(json, (name, value) -> {
            switch (name) {
                case "TableName" -> table.tableName(text(value));
                case "TableStatus" -> table.tableStatus(text(value));
                default -> value.skipChildren();
            }
        });
        return table.build();
    }
}
