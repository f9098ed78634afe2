package dev.meridian.customer;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Items of `customers`: key `customerId`; `name`, `email`, `addresses` (a list of maps), each absent when
/// unknown.
@ApplicationScoped
class CustomerRepository {
    private final Dynamo dynamo;

    CustomerRepository(Dynamo dynamo) {
        this.dynamo = dynamo;
    }

    /// Writes the whole customer.
    ///
    /// @return whether there was none before
    Uni<Boolean> put(Customer customer) {
        return dynamo.idempotent(
                        "customer-put",
                        client -> client.putItem(r -> r.tableName(dynamo.name(DynamoTable.CUSTOMERS))
                                .item(toItem(customer))
                                .returnValues("ALL_OLD")))
                .map(response -> !response.hasAttributes());
    }

    /// Reads one customer, strongly consistent.
    Uni<Optional<Customer>> find(String customerId) {
        return dynamo.idempotent(
                        "customer-get",
                        client -> client.getItem(r -> r.tableName(dynamo.name(DynamoTable.CUSTOMERS))
                                .key(Map.of("customerId", AttributeValue.fromS(customerId)))
                                .consistentRead(true)))
                .map(response -> response.hasItem() ? Optional.of(fromItem(response.item())) : Optional.empty());
    }

    private static Map<String, AttributeValue> toItem(Customer customer) {
        var item = new HashMap<String, AttributeValue>();
        put(item, "customerId", customer.id());
        put(item, "name", customer.name());
        put(item, "email", customer.email());
        // A write that changes nothing is not replicated, and an earlier one of another Region would stand.
        put(item, "changedAt", Instant.now().toString());
        item.put(
                "addresses",
                AttributeValue.fromL(customer.addresses().stream()
                        .map(CustomerRepository::toMap)
                        .toList()));
        return item;
    }

    private static AttributeValue toMap(Address address) {
        var map = new HashMap<String, AttributeValue>();
        put(map, "firstName", address.firstName());
        put(map, "lastName", address.lastName());
        put(map, "address1", address.address1());
        put(map, "address2", address.address2());
        put(map, "city", address.city());
        put(map, "state", address.state());
        put(map, "zip", address.zip());
        put(map, "email", address.email());
        return AttributeValue.fromM(map);
    }

    private static Customer fromItem(Map<String, AttributeValue> item) {
        var addresses = item.containsKey("addresses") ? item.get("addresses").l() : List.<AttributeValue>of();
        return new Customer(
                get(item, "customerId"),
                get(item, "name"),
                get(item, "email"),
                addresses.stream().map(CustomerRepository::fromMap).toList());
    }

    private static Address fromMap(AttributeValue value) {
        var map = value.m();
        return new Address(
                get(map, "firstName"),
                get(map, "lastName"),
                get(map, "address1"),
                get(map, "address2"),
                get(map, "city"),
                get(map, "state"),
                get(map, "zip"),
                get(map, "email"));
    }

    private static void put(Map<String, AttributeValue> map, String name, String value) {
        if (value != null) map.put(name, AttributeValue.fromS(value));
    }

    private static String get(Map<String, AttributeValue> map, String name) {
        var value = map.get(name);
        return value == null ? null : value.s();
    }
}
