package dev.meridian.dynamo;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/// The calls of DynamoDB in the product's bytecode, and the IAM actions that they need.
final class DynamoActions {
    /// Operations on items. All others administer tables.
    static final Set<String> ON_ITEMS = Set.of(
            "getItem",
            "putItem",
            "updateItem",
            "deleteItem",
            "query",
            "scan",
            "batchGetItem",
            "batchWriteItem",
            "transactWriteItems",
            "transactGetItems");

    /// What authorises the parts of a transaction (IAM for DynamoDB, "Using IAM with DynamoDB transactions").
    private static final Map<String, String> IN_TRANSACTIONS = Map.of(
            "put", "PutItem", "update", "UpdateItem", "delete", "DeleteItem", "conditionCheck", "ConditionCheckItem");

    /// Methods of [Dynamo] that choose the operation themselves.
    private static final Map<String, String> OF_THE_BRIDGE = Map.of("batchGet", "BatchGetItem");

    /// Our own client behind the SDK's interface passes calls on.
    private static final String CLIENT = "dev.meridian.dynamoclient";

    private final JavaClasses product;

    DynamoActions(JavaClasses product) {
        this.product = product;
    }

    /// Each operation of the client that the product calls, with the methods that call it.
    Map<String, Set<String>> callers() {
        var callers = new TreeMap<String, Set<String>>();
        for (var type : product) {
            if (type.getPackageName().startsWith(CLIENT)) continue;
            for (var call : calls(type, DynamoDbAsyncClient.class)) {
                if (isOperation(call)) {
                    callers.computeIfAbsent(call.getName(), _ -> new TreeSet<>())
                            .add(outerName(type) + "." + method(call));
                }
            }
        }
        return callers;
    }

    /// Calls of the client's methods that are no single operations, such as paginators.
    Set<String> others() {
        return product.stream()
                .filter(type -> !type.getPackageName().startsWith(CLIENT))
                .flatMap(type -> calls(type, DynamoDbAsyncClient.class).stream())
                .filter(call -> !isOperation(call))
                .map(JavaAccess::getName)
                .collect(toCollection(TreeSet::new));
    }

    /// The IAM actions that a running service needs on each table.
    Map<DynamoTable, Set<String>> inProduction() {
        var actions = new EnumMap<DynamoTable, Set<String>>(DynamoTable.class);
        for (var table : DynamoTable.values()) actions.put(table, new TreeSet<>(Set.of("DescribeTable")));
        var needed = new TreeMap<String, Set<String>>();
        var tables = new TreeMap<String, Set<DynamoTable>>();
        for (var type : product) {
            var owner = outerName(type);
            if (owner.startsWith(CLIENT) || type.isEquivalentTo(DynamoTable.class)) continue;
            needed.computeIfAbsent(owner, _ -> new TreeSet<>()).addAll(actions(type));
            tables.computeIfAbsent(owner, _ -> new TreeSet<>()).addAll(tables(type));
        }
        needed.forEach((owner, some) ->
                tables.get(owner).forEach(table -> actions.get(table).addAll(some)));
        return actions;
    }

    private static Set<String> actions(JavaClass type) {
        var actions = new TreeSet<String>();
        for (var call : calls(type, DynamoDbAsyncClient.class)) {
            if (ON_ITEMS.contains(call.getName()) && !call.getName().startsWith("transact")) {
                actions.add(call.getName().substring(0, 1).toUpperCase()
                        + call.getName().substring(1));
            }
        }
        for (var call : calls(type, TransactWriteItem.Builder.class)) {
            var action = IN_TRANSACTIONS.get(call.getName());
            if (action != null) actions.add(action);
        }
        for (var call : calls(type, Dynamo.class)) {
            var action = OF_THE_BRIDGE.get(call.getName());
            if (action != null) actions.add(action);
        }
        if (type.getConstructorCallsFromSelf().stream()
                .anyMatch(call -> call.getTargetOwner().isEquivalentTo(ShardedIndex.class))) actions.add("Query");
        return actions;
    }

    private static Set<DynamoTable> tables(JavaClass type) {
        return type.getFieldAccessesFromSelf().stream()
                .filter(access -> access.getTargetOwner().isEquivalentTo(DynamoTable.class))
                .flatMap(access -> Arrays.stream(DynamoTable.values())
                        .filter(table -> table.name().equals(access.getName())))
                .collect(toCollection(TreeSet::new));
    }

    private static Set<JavaCodeUnitAccess<?>> calls(JavaClass type, Class<?> owner) {
        return Stream.<JavaCodeUnitAccess<?>>concat(
                        type.getMethodCallsFromSelf().stream(), type.getMethodReferencesFromSelf().stream())
                .filter(call -> call.getTargetOwner().isAssignableTo(owner))
                .collect(toSet());
    }

    private static boolean isOperation(JavaCodeUnitAccess<?> call) {
        return call.getTarget().getRawReturnType().isEquivalentTo(CompletableFuture.class);
    }

    private static String method(JavaCodeUnitAccess<?> call) {
        return call.getOrigin().getName().replaceAll("lambda\\$(\\w+)\\$\\d+", "$1");
    }

    private static String outerName(JavaClass type) {
        return type.getName().replaceAll("\\$.*", "");
    }
}
