package dev.meridian.dynamoclient;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;

/// An operation of our client, found by what it overrides.
///
/// @param method `getItem`
record Operation(String method, Class<? extends DynamoDbRequest> request, Class<? extends DynamoDbResponse> answer) {
    /// Members of requests that our client refuses: the old forms of conditions, and figures that nobody reads.
    static final Set<String> REFUSED = Set.of(
            "AttributesToGet",
            "AttributeUpdates",
            "ConditionalOperator",
            "Expected",
            "KeyConditions",
            "QueryFilter",
            "ReturnConsumedCapacity",
            "ReturnItemCollectionMetrics",
            "ScanFilter");

    /// Members of answers that our client does not read: what no request asks for.
    private static final Set<String> SKIPPED = Set.of("ConsumedCapacity", "ItemCollectionMetrics");

    /// What it reads of a table's description.
    private static final Set<String> READ_OF_TABLES =
            Set.of("TableDescription.TableName", "TableDescription.TableStatus");

    static List<Operation> all() {
        return Arrays.stream(DynamoClient.class.getDeclaredMethods())
                .filter(method -> method.getReturnType() == CompletableFuture.class)
                .filter(method -> method.getParameterCount() == 1)
                .filter(method -> DynamoDbRequest.class.isAssignableFrom(method.getParameterTypes()[0]))
                .map(method -> of(method.getName(), method.getParameterTypes()[0].asSubclass(DynamoDbRequest.class)))
                .sorted((one, other) -> one.method.compareTo(other.method))
                .toList();
    }

    private static Operation of(String method, Class<? extends DynamoDbRequest> request) {
        try {
            var answer = Class.forName(request.getName().replaceAll("Request$", "Response"));
            return new Operation(method, request, answer.asSubclass(DynamoDbResponse.class));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Whether our client writes a member of a request.
    ///
    /// @param member `GetItemRequest.Key`
    static boolean isWritten(String member) {
        return !REFUSED.contains(member.substring(member.indexOf('.') + 1));
    }

    /// Whether our client reads a member of an answer.
    ///
    /// @param member `GetItemResponse.Item`
    static boolean isRead(String member) {
        return member.startsWith("TableDescription.")
                ? READ_OF_TABLES.contains(member)
                : !SKIPPED.contains(member.substring(member.indexOf('.') + 1));
    }

    /// All members of requests and their parts.
    static Set<String> requestMembers() {
        return members(all().stream().map(Operation::request));
    }

    /// All members of answers and their parts.
    static Set<String> answerMembers() {
        return members(all().stream().map(Operation::answer));
    }

    private static Set<String> members(Stream<? extends Class<? extends SdkPojo>> types) {
        return types.flatMap(type -> RandomPojos.parts(type).stream())
                .flatMap(part ->
                        RandomPojos.empty(part).sdkFields().stream().map(field -> RandomPojos.name(part, field)))
                .collect(Collectors.toSet());
    }

    CompletableFuture<?> call(DynamoDbAsyncClient client, DynamoDbRequest request) {
        try {
            return (CompletableFuture<?>)
                    DynamoDbAsyncClient.class.getMethod(method, this.request).invoke(client, request);
        } catch (IllegalAccessException | NoSuchMethodException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return method;
    }
}
