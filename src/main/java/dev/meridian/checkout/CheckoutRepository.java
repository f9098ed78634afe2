package dev.meridian.checkout;

import dev.meridian.customer.Address;
import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.shared.Money;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/// Items of `checkouts`: key `customerId`; `checkoutId`; `lines`, a list of maps; `address`, a map;
/// `deliveryOption`; `shippingMinor` and `taxMinor` when known; `expiresAt`, epoch seconds, the table's TTL
/// attribute.
@ApplicationScoped
class CheckoutRepository {
    private final Dynamo dynamo;

    CheckoutRepository(Dynamo dynamo) {
        this.dynamo = dynamo;
    }

    /// Stores the checkout in place of the one before.
    Uni<Void> put(Checkout checkout) {
        return dynamo.idempotent(
                        "checkout-put",
                        client -> client.putItem(r ->
                                r.tableName(dynamo.name(DynamoTable.CHECKOUTS)).item(toItem(checkout))))
                .replaceWithVoid();
    }

    /// Reads the customer's checkout, strongly consistent; also one that has expired and was not deleted yet.
    Uni<Optional<Checkout>> find(String customerId) {
        return dynamo.idempotent(
                        "checkout-get",
                        client -> client.getItem(r -> r.tableName(dynamo.name(DynamoTable.CHECKOUTS))
                                .key(Map.of("customerId", s(customerId)))
                                .consistentRead(true)))
                .map(response -> response.hasItem() ? Optional.of(fromItem(response.item())) : Optional.empty());
    }

    /// Notes that the lines of this checkout are no longer in the cart, unless another checkout took its place.
    Uni<Void> cartEmptied(String customerId, String checkoutId) {
        return dynamo.idempotent(
                        "checkout-emptied",
                        client -> client.updateItem(r -> r.tableName(dynamo.name(DynamoTable.CHECKOUTS))
                                .key(Map.of("customerId", s(customerId)))
                                .updateExpression("SET cartEmptied = :yes")
                                .conditionExpression("checkoutId = :id")
                                .expressionAttributeValues(
                                        Map.of(":yes", AttributeValue.fromBool(true), ":id", s(checkoutId)))))
                .replaceWithVoid()
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithNull();
    }

    private static Map<String, AttributeValue> toItem(Checkout checkout) {
        var item = new HashMap<String, AttributeValue>();
        item.put("customerId", s(checkout.customerId()));
        item.put("checkoutId", s(checkout.id()));
        item.put(
                "lines",
                AttributeValue.fromL(checkout.lines().stream()
                        .map(CheckoutRepository::toItem)
                        .toList()));
        checkout.address().ifPresent(address -> item.put("address", toItem(address)));
        checkout.deliveryOption().ifPresent(token -> item.put("deliveryOption", s(token)));
        checkout.shipping().ifPresent(amount -> item.put("shippingMinor", n(amount.minor())));
        checkout.tax().ifPresent(amount -> item.put("taxMinor", n(amount.minor())));
        // A write that changes nothing is not replicated, and an earlier one of another Region would stand.
        item.put("changedAt", s(Instant.now().toString()));
        item.put("expiresAt", n(checkout.expiresAt().getEpochSecond()));
        return item;
    }

    private static AttributeValue toItem(Checkout.Line line) {
        return AttributeValue.fromM(Map.of(
                "productId", s(line.productId()),
                "name", s(line.name()),
                "quantity", n(line.quantity()),
                "priceMinor", n(line.price().minor())));
    }

    private static AttributeValue toItem(Address address) {
        var map = new HashMap<String, AttributeValue>();
        map.put("firstName", s(address.firstName()));
        map.put("lastName", s(address.lastName()));
        map.put("address1", s(address.address1()));
        if (address.address2() != null) map.put("address2", s(address.address2()));
        map.put("city", s(address.city()));
        map.put("state", s(address.state()));
        map.put("zip", s(address.zip()));
        if (address.email() != null) map.put("email", s(address.email()));
        return AttributeValue.fromM(map);
    }

    private static Checkout fromItem(Map<String, AttributeValue> item) {
        return new Checkout(
                item.get("checkoutId").s(),
                item.get("customerId").s(),
                item.get("lines").l().stream().map(line -> line(line.m())).toList(),
                optional(item, "address", value -> address(value.m())),
                optional(item, "deliveryOption", AttributeValue::s),
                optional(item, "shippingMinor", CheckoutRepository::money),
                optional(item, "taxMinor", CheckoutRepository::money),
                Instant.ofEpochSecond(Long.parseLong(item.get("expiresAt").n())),
                item.containsKey("cartEmptied"));
    }

    private static Checkout.Line line(Map<String, AttributeValue> map) {
        return new Checkout.Line(
                map.get("productId").s(),
                map.get("name").s(),
                Integer.parseInt(map.get("quantity").n()),
                money(map.get("priceMinor")));
    }

    private static Address address(Map<String, AttributeValue> map) {
        return new Address(
                map.get("firstName").s(),
                map.get("lastName").s(),
                map.get("address1").s(),
                optional(map, "address2", AttributeValue::s).orElse(null),
                map.get("city").s(),
                map.get("state").s(),
                map.get("zip").s(),
                optional(map, "email", AttributeValue::s).orElse(null));
    }

    private static <T> Optional<T> optional(
            Map<String, AttributeValue> map, String name, Function<AttributeValue, T> read) {
        return Optional.ofNullable(map.get(name)).map(read);
    }

    private static Money money(AttributeValue value) {
        return new Money(Long.parseLong(value.n()));
    }

    private static AttributeValue s(String value) {
        return AttributeValue.fromS(value);
    }

    private static AttributeValue n(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }
}
