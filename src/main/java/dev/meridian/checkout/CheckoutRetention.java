package dev.meridian.checkout;

import dev.meridian.customer.Address;
import dev.meridian.retention.PersonalData;
import dev.meridian.shared.Page;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The checkout in progress.
@ApplicationScoped
class CheckoutRetention implements PersonalData {
    private final CheckoutRepository checkouts;

    CheckoutRetention(CheckoutRepository checkouts) {
        this.checkouts = checkouts;
    }

    @Override
    public String part() {
        return "checkout";
    }

    @Override
    public Uni<Page<Map<String, Object>>> export(Subject customer, Optional<String> after) {
        return checkouts
                .find(customer.customerId())
                .map(found ->
                        new Page<>(found.stream().map(CheckoutRetention::toMap).toList(), Optional.empty()));
    }

    private static Map<String, Object> toMap(Checkout checkout) {
        var map = new LinkedHashMap<String, Object>();
        map.put("id", checkout.id());
        map.put("address", checkout.address().map(Address::toMap).orElse(null));
        map.put("deliveryOption", checkout.deliveryOption().orElse(null));
        map.put(
                "lines",
                checkout.lines().stream()
                        .map(line -> Map.of(
                                "productId", line.productId(),
                                "name", line.name(),
                                "quantity", line.quantity(),
                                "unitPriceMinor", line.price().minor()))
                        .toList());
        map.put("expiresAt", checkout.expiresAt().toString());
        return map;
    }

    @Override
    public Uni<ErasedPage> erase(Subject customer, Optional<String> after) {
        return checkouts.delete(customer.customerId()).map(isDeleted -> ErasedPage.all(isDeleted ? 1 : 0));
    }
}
