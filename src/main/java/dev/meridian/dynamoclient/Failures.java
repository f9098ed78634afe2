package dev.meridian.dynamoclient;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.meridian.dynamoclient.HttpPools.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.IdempotentParameterMismatchException;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;
import software.amazon.awssdk.services.dynamodb.model.ItemCollectionSizeLimitExceededException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.ReplicatedWriteConflictException;
import software.amazon.awssdk.services.dynamodb.model.RequestLimitExceededException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ThrottlingException;
import software.amazon.awssdk.services.dynamodb.model.ThrottlingReason;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/// DynamoDB's errors as the SDK's exceptions, without stack traces: they would show an event loop.
final class Failures {
    private Failures() {}

    /// What the store did not answer.
    static SdkException noAnswer(Throwable cause) {
        return cause instanceof SdkException own
                ? own
                : SdkClientException.builder()
                        .message("DynamoDB: " + cause.getMessage())
                        .cause(cause)
                        .writableStackTrace(false)
                        .build();
    }

    /// What the store answered with something else than 200. A proxy's page is no JSON; it has a status all the
    /// same, and what was read before it went wrong counts.
    ///
    /// @param aheadMillis how far DynamoDB's clock was thought to be ahead of ours
    static DynamoDbException of(Answer answer, long aheadMillis) {
        var read = new Read();
        try (var json = DynamoJson.parser(answer.bytes(), answer.offset(), answer.length())) {
            DynamoJson.expect(JsonToken.START_OBJECT, json.nextToken());
            DynamoJson.fields(json, read::fieldOrNothing);
        } catch (IOException _) {
            // No JSON, or not to its end.
        }
        var http = SdkHttpResponse.builder().statusCode(answer.status());
        if (answer.date() != null) http.putHeader("Date", answer.date());
        return (DynamoDbException) read.failure()
                .statusCode(answer.status())
                .requestId(answer.requestId())
                .message(read.description(answer.status()))
                .numAttempts(1)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .serviceName("DynamoDb")
                        .errorCode(read.type)
                        .errorMessage(read.message)
                        .sdkHttpResponse(http.build())
                        .build())
                // By it the exception knows whether our clock is wrong.
                .clockSkew(Duration.ofMillis(-aheadMillis))
                .writableStackTrace(false)
                .build();
    }

    private static final class Read {
        String type;
        String message;
        Map<String, AttributeValue> item;
        List<CancellationReason> cancellations;
        List<ThrottlingReason> throttlings;

        /// A value that is not what it should be counts as absent: the others say more than nothing.
        void fieldOrNothing(String name, JsonParser json) throws IOException {
            var isStruct = json.currentToken().isStructStart();
            var around = isStruct ? json.getParsingContext().getParent() : json.getParsingContext();
            try {
                field(name, json);
            } catch (JsonProcessingException e) {
                throw e;
            } catch (IOException _) {
                while (json.getParsingContext() != around) json.nextToken();
            }
        }

        private void field(String name, JsonParser json) throws IOException {
            switch (name) {
                // com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException
                case "__type" -> {
                    var text = DynamoJson.text(json);
                    type = text.substring(text.lastIndexOf('#') + 1);
                }
                case "message", "Message" -> message = DynamoJson.text(json);
                case "Item" -> item = DynamoJson.item(json);
                case "CancellationReasons" -> cancellations = DynamoJson.list(json, Read::cancellation);
                case "ThrottlingReasons", "throttlingReasons" -> throttlings = DynamoJson.list(json, Read::throttling);
                default -> json.skipChildren();
            }
        }

        String description(int status) {
            if (message != null) return message;
            return type == null ? "Service returned HTTP status code " + status : "Service returned error code " + type;
        }

        private static CancellationReason cancellation(JsonParser json) throws IOException {
            var reason = CancellationReason.builder();
            DynamoJson.fields(json, (name, value) -> {
                switch (name) {
                    case "Code" -> reason.code(DynamoJson.text(value));
                    case "Message" -> reason.message(DynamoJson.text(value));
                    case "Item" -> reason.item(DynamoJson.item(value));
                    default -> value.skipChildren();
                }
            });
            return reason.build();
        }

        private static ThrottlingReason throttling(JsonParser json) throws IOException {
            var reason = ThrottlingReason.builder();
            DynamoJson.fields(json, (name, value) -> {
                switch (name) {
                    case "reason" -> reason.reason(DynamoJson.text(value));
                    case "resource" -> reason.resource(DynamoJson.text(value));
                    default -> value.skipChildren();
                }
            });
            return reason.build();
        }

        /// Those that the operations of this client declare. Others, such as `ValidationException` and
        /// `UnrecognizedClientException`, have no class and are told apart by their code.
        DynamoDbException.Builder failure() {
            return switch (type) {
                case "ConditionalCheckFailedException" ->
                    ConditionalCheckFailedException.builder().item(item);
                case "TransactionCanceledException" ->
                    TransactionCanceledException.builder().cancellationReasons(cancellations);
                case "TransactionConflictException" -> TransactionConflictException.builder();
                case "TransactionInProgressException" -> TransactionInProgressException.builder();
                case "ReplicatedWriteConflictException" -> ReplicatedWriteConflictException.builder();
                case "IdempotentParameterMismatchException" -> IdempotentParameterMismatchException.builder();
                case "ItemCollectionSizeLimitExceededException" -> ItemCollectionSizeLimitExceededException.builder();
                case "ProvisionedThroughputExceededException" ->
                    ProvisionedThroughputExceededException.builder().throttlingReasons(throttlings);
                case "RequestLimitExceeded" ->
                    RequestLimitExceededException.builder().throttlingReasons(throttlings);
                case "ThrottlingException" -> ThrottlingException.builder().throttlingReasons(throttlings);
                case "ResourceNotFoundException" -> ResourceNotFoundException.builder();
                case "InternalServerError" -> InternalServerErrorException.builder();
                case null, default -> DynamoDbException.builder();
            };
        }
    }
}
