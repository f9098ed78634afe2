package dev.meridian.dynamo;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/// Creates the tables of [DynamoTable] (dev and test only) and finds the missing ones (everywhere).
@ApplicationScoped
public class DynamoSchema {
    /// Longer than a call on a request path may take: at start process and store are cold.
    private static final Duration CREATE_TIMEOUT = Duration.ofSeconds(20);

    private final SdkClients clients;
    private final Dynamo dynamo;

    DynamoSchema(SdkClients clients, Dynamo dynamo) {
        this.clients = clients;
        this.dynamo = dynamo;
    }

    /// The full names of the missing tables, in the replica that calls use now.
    public Uni<List<String>> missing() {
        return Multi.createFrom()
                .items(DynamoTable.values())
                .onItem()
                .transformToUniAndMerge(table -> dynamo.idempotent(
                                "table-look", client -> client.describeTable(r -> r.tableName(dynamo.name(table))))
                        .map(_ -> "")
                        .onFailure(failure -> failure.getCause() instanceof ResourceNotFoundException)
                        .recoverWithItem(() -> dynamo.name(table)))
                .select()
                .where(name -> !name.isEmpty())
                .collect()
                .asList();
    }

    /// Creates what is missing; tables that exist stay as they are. The SDK's client that does it lives no longer.
    public Uni<Void> createMissing() {
        return Uni.createFrom()
                .item(clients::here)
                .chain(client -> Multi.createFrom()
                        .items(DynamoTable.values())
                        .onItem()
                        .transformToUniAndConcatenate(table -> create(client, table))
                        .collect()
                        .last()
                        .replaceWithVoid()
                        .onTermination()
                        // Closing waits two seconds for its threads.
                        .invoke(() -> Infrastructure.getDefaultExecutor().execute(client::close)));
    }

    private Uni<Void> create(DynamoDbAsyncClient client, DynamoTable table) {
        return sent(() -> client.createTable(request(table, dynamo.name(table))))
                .chain(() -> letExpire(client, table))
                .onFailure(ResourceInUseException.class)
                .recoverWithNull();
    }

    private Uni<Void> letExpire(DynamoDbAsyncClient client, DynamoTable table) {
        if (table.timeToLive().isEmpty()) return Uni.createFrom().voidItem();
        var attribute = table.timeToLive().get();
        return sent(() -> client.updateTimeToLive(r -> r.tableName(dynamo.name(table))
                        .timeToLiveSpecification(t -> t.enabled(true).attributeName(attribute))
                        .overrideConfiguration(c -> c.apiCallTimeout(CREATE_TIMEOUT))))
                .replaceWithVoid();
    }

    private static <T> Uni<T> sent(Supplier<CompletionStage<T>> call) {
        return Uni.createFrom()
                .completionStage(call)
                .onFailure(Dynamo::isStale)
                .retry()
                .atMost(Dynamo.STALE_MAX);
    }

    static CreateTableRequest request(DynamoTable table, String name) {
        var keys = new ArrayList<KeySchemaElement>();
        var attributes = new ArrayList<AttributeDefinition>();
        var defined = new HashSet<String>();
        keys.add(key(table.hashKey(), KeyType.HASH));
        define(table.hashKey(), false, attributes, defined);
        table.rangeKey().ifPresent(range -> {
            keys.add(key(range, KeyType.RANGE));
            define(range, false, attributes, defined);
        });
        var indexes = table.indexes().stream()
                .map(index -> {
                    define(index.hashKey(), false, attributes, defined);
                    define(index.rangeKey(), index.numeric(), attributes, defined);
                    return GlobalSecondaryIndex.builder()
                            .indexName(index.name())
                            .keySchema(key(index.hashKey(), KeyType.HASH), key(index.rangeKey(), KeyType.RANGE))
                            .projection(projection(index))
                            .build();
                })
                .toList();
        var request = CreateTableRequest.builder()
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(keys)
                .attributeDefinitions(attributes)
                // No stream: these tables are not replicated, and local engines slow down with each stream record.
                .overrideConfiguration(c -> c.apiCallTimeout(CREATE_TIMEOUT));
        return (indexes.isEmpty() ? request : request.globalSecondaryIndexes(indexes)).build();
    }

    private static Projection projection(DynamoTable.Index index) {
        return index.included().isEmpty()
                ? Projection.builder().projectionType(ProjectionType.KEYS_ONLY).build()
                : Projection.builder()
                        .projectionType(ProjectionType.INCLUDE)
                        .nonKeyAttributes(index.included())
                        .build();
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    private static void define(
            String name, boolean numeric, List<AttributeDefinition> attributes, HashSet<String> defined) {
        if (defined.add(name)) {
            attributes.add(AttributeDefinition.builder()
                    .attributeName(name)
                    .attributeType(numeric ? ScalarAttributeType.N : ScalarAttributeType.S)
                    .build());
        }
    }
}
