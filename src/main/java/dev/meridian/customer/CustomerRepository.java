package dev.meridian.customer;

import static dev.meridian.dynamo.Attributes.list;
import static dev.meridian.dynamo.Attributes.m;
import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.textOrNull;
import static dev.meridian.dynamo.Attributes.texts;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.shared.NewerFormat;
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
                                .key(Map.of("customerId", s(customerId)))
                                .consistentRead(true)))
                .map(response -> response.hasItem() ? Optional.of(one(response.item())) : Optional.empty());
    }

    /// Deletes the profile.
    ///
    /// @return whether there was one
    Uni<Boolean> delete(String customerId) {
        return dynamo.idempotent(
                        "customer-erase",
                        client -> client.deleteItem(r -> r.tableName(dynamo.name(DynamoTable.CUSTOMERS))
                                .key(Map.of("customerId", s(customerId)))
                                .returnValues("ALL_OLD")))
                .map(response ->
                        response.hasAttributes() && !response.attributes().isEmpty());
    }

    private static Map<String, AttributeValue> toItem(Customer customer) {
        var item = new HashMap<String, AttributeValue>();
        item.put("customerId", s(customer.id()));
        put(item, "name", customer.name());
        put(item, "email", customer.email());
        // DynamoDB does not replicate a write that changes nothing: an earlier write in another Region would
        // win.
        item.put("changedAt", s(Instant.now().toString()));
        item.put(
                "addresses",
                AttributeValue.fromL(customer.addresses().stream()
                        .map(address -> m(address.toMap()))
                        .toList()));
        return item;
    }

    private static Customer one(Map<String, AttributeValue> item) {
        return NewerFormat.one(DynamoTable.CUSTOMERS.baseName(), item, CustomerRepository::fromItem);
    }

    private static Customer fromItem(Map<String, AttributeValue> item) {
        var addresses = item.containsKey("addresses") ? list(item, "addresses") : List.<AttributeValue>of();
        return new Customer(
                textOrNull(item, "customerId"),
                textOrNull(item, "name"),
                textOrNull(item, "email"),
                addresses.stream().map(address -> Address.of(texts(address))).toList());
    }

    private static void put(Map<String, AttributeValue> item, String name, String value) {
        if (value != null) item.put(name, s(value));
    }
}
