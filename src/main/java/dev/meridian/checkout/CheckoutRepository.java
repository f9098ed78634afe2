package dev.meridian.checkout;

import static dev.meridian.dynamo.Attributes.list;
import static dev.meridian.dynamo.Attributes.m;
import static dev.meridian.dynamo.Attributes.n;
import static dev.meridian.dynamo.Attributes.number;
import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.text;
import static dev.meridian.dynamo.Attributes.texts;

import dev.meridian.customer.Address;
import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.shared.Money;
import dev.meridian.shared.NewerFormat;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/// Items of `checkouts`: key `customerId`; `checkoutId`; `lines`, a list of maps, with `priceAsOf` in those at the
/// last known price; `address`, a map; `deliveryOption`; `shippingMinor` and `taxMinor` when known; `heldUntil`;
/// `formerTotalMinor` when a price changed; `expiresAt`, epoch seconds, the table's TTL attribute.
@ApplicationScoped
class CheckoutRepository {
    private final Dynamo dynamo;

    CheckoutRepository(Dynamo dynamo) {
        this.dynamo = dynamo;
    }

    /// Stores the checkout; it replaces the customer's previous one.
    Uni<Void> put(Checkout checkout) {
        return dynamo.idempotent(
                        "checkout-put",
                        client -> client.putItem(r ->
                                r.tableName(dynamo.name(DynamoTable.CHECKOUTS)).item(toItem(checkout))))
                .replaceWithVoid();
    }

    /// Stores the checkout in place of the one with this id.
    ///
    /// @return whether that one was there; if not, nothing is stored
    Uni<Boolean> replace(Checkout checkout, String formerId) {
        return dynamo.idempotent(
                        "checkout-replace",
                        client -> client.putItem(r -> r.tableName(dynamo.name(DynamoTable.CHECKOUTS))
                                .item(toItem(checkout))
                                .conditionExpression("checkoutId = :former")
                                .expressionAttributeValues(Map.of(":former", s(formerId)))))
                .replaceWith(true)
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithItem(false);
    }

    /// Reads the customer's checkout, strongly consistent; it may have expired without being deleted yet.
    Uni<Optional<Checkout>> find(String customerId) {
        return dynamo.idempotent(
                        "checkout-get",
                        client -> client.getItem(r -> r.tableName(dynamo.name(DynamoTable.CHECKOUTS))
                                .key(Map.of("customerId", s(customerId)))
                                .consistentRead(true)))
                .map(response -> response.hasItem() ? Optional.of(one(response.item())) : Optional.empty());
    }

    /// Marks the checkout as no longer in the cart, unless another checkout has replaced it.
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

    /// Deletes the checkout.
    ///
    /// @return whether there was one
    Uni<Boolean> delete(String customerId) {
        return dynamo.idempotent(
                        "checkout-erase",
                        client -> client.deleteItem(r -> r.tableName(dynamo.name(DynamoTable.CHECKOUTS))
                                .key(Map.of("customerId", s(customerId)))
                                .returnValues("ALL_OLD")))
                .map(response ->
                        response.hasAttributes() && !response.attributes().isEmpty());
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
        checkout.address().ifPresent(address -> item.put("address", m(address.toMap())));
        checkout.deliveryOption().ifPresent(token -> item.put("deliveryOption", s(token)));
        checkout.shipping().ifPresent(amount -> item.put("shippingMinor", n(amount.minor())));
        checkout.tax().ifPresent(amount -> item.put("taxMinor", n(amount.minor())));
        item.put("heldUntil", s(checkout.heldUntil().toString()));
        checkout.formerTotal().ifPresent(amount -> item.put("formerTotalMinor", n(amount.minor())));
        // DynamoDB does not replicate a write that changes nothing: an earlier write in another Region would
        // win.
        item.put("changedAt", s(Instant.now().toString()));
        item.put("expiresAt", n(checkout.expiresAt().getEpochSecond()));
        return item;
    }

    private static AttributeValue toItem(Checkout.Line line) {
        var map = new HashMap<>(Map.of(
                "productId", s(line.productId()),
                "name", s(line.name()),
                "quantity", n(line.quantity()),
                "priceMinor", n(line.price().minor())));
        line.priceAsOf().ifPresent(time -> map.put("priceAsOf", s(time.toString())));
        return AttributeValue.fromM(map);
    }

    private static Checkout one(Map<String, AttributeValue> item) {
        return NewerFormat.one(DynamoTable.CHECKOUTS.baseName(), item, CheckoutRepository::fromItem);
    }

    private static Checkout fromItem(Map<String, AttributeValue> item) {
        return new Checkout(
                text(item, "checkoutId"),
                text(item, "customerId"),
                list(item, "lines").stream().map(line -> line(line.m())).toList(),
                optional(item, "address", value -> Address.of(texts(value))),
                optional(item, "deliveryOption", AttributeValue::s),
                optional(item, "shippingMinor", CheckoutRepository::money),
                optional(item, "taxMinor", CheckoutRepository::money),
                // Of a version that did not write it: the prices are compared before they are charged.
                optional(item, "heldUntil", AttributeValue::s)
                        .map(Instant::parse)
                        .orElse(Instant.EPOCH),
                optional(item, "formerTotalMinor", CheckoutRepository::money),
                Instant.ofEpochSecond(number(item, "expiresAt")),
                item.containsKey("cartEmptied"));
    }

    private static Checkout.Line line(Map<String, AttributeValue> map) {
        return new Checkout.Line(
                text(map, "productId"),
                text(map, "name"),
                (int) number(map, "quantity"),
                money(map.get("priceMinor")),
                optional(map, "priceAsOf", AttributeValue::s).map(Instant::parse));
    }

    private static <T> Optional<T> optional(
            Map<String, AttributeValue> map, String name, Function<AttributeValue, T> read) {
        return Optional.ofNullable(map.get(name)).map(read);
    }

    private static Money money(AttributeValue value) {
        return new Money(Long.parseLong(value.n()));
    }
}
