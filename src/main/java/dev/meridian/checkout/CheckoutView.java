package dev.meridian.checkout;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.meridian.shared.Ids;
import dev.meridian.shared.Money;
import java.math.BigDecimal;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// The checkout as clients read it, with -1 for amounts that are not known yet.
@Schema(name = "Checkout")
record CheckoutView(
        List<Line> items,
        @JsonInclude(JsonInclude.Include.NON_NULL) CheckoutAddress shippingAddress,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Schema(examples = "priority-mail")
        String deliveryOptionToken,

        @Schema(description = "The delivery options once there is an address, else null.", nullable = true)
        Rates shippingRates,

        @Schema(description = "New with each update.", examples = "01KAH3V3W8Q7J2Z5N0R4T6Y8XB")
        String paymentId,

        @Schema(description = "Null: nothing is paid here.", nullable = true)
        String paymentToken,

        @Schema(description = "The sum of the items.", implementation = BigDecimal.class, examples = "58.5")
        Money subtotal,

        @Schema(description = "-1 until there are an address and a delivery option.", examples = "10")
        BigDecimal shipping,

        @Schema(description = "-1 until there is an address.", examples = "5")
        BigDecimal tax,

        @Schema(
                description = "Subtotal, shipping and tax; what is -1 counts nothing.",
                implementation = BigDecimal.class,
                examples = "73.5")
        Money total) {
    private static final BigDecimal UNKNOWN = BigDecimal.ONE.negate();

    /// One product of a checkout or of its order.
    @Schema(name = "CheckoutLine")
    record Line(
            @Schema(examples = "p-17") String id,
            @Schema(examples = "A jar of moonlight") String name,
            @Schema(examples = "3") int quantity,

            @Schema(implementation = BigDecimal.class, examples = "19.5")
            Money price,

            @Schema(implementation = BigDecimal.class, examples = "58.5")
            Money totalCost) {}

    /// The delivery options.
    @Schema(name = "ShippingRates")
    record Rates(
            @Schema(examples = "7ZK3Q0V9M1N8B6C5X4A2S1D0FG") String shipmentId, List<Rate> rates) {}

    /// One delivery option.
    @Schema(name = "ShippingRate")
    record Rate(
            @Schema(examples = "Priority Mail") String name,

            @Schema(implementation = BigDecimal.class, examples = "10")
            Money amount,

            @Schema(examples = "priority-mail") String token,
            @Schema(examples = "10") int estimatedDays) {}

    static CheckoutView of(Checkout checkout, List<Checkout.Rate> rates) {
        return new CheckoutView(
                checkout.lines().stream()
                        .map(l -> new Line(l.productId(), l.name(), l.quantity(), l.price(), l.total()))
                        .toList(),
                checkout.address().map(CheckoutAddress::of).orElse(null),
                checkout.deliveryOption().orElse(null),
                checkout.address().map(_ -> rates(checkout.id(), rates)).orElse(null),
                checkout.id(),
                null,
                checkout.subtotal(),
                checkout.shipping().map(Money::toMajor).orElse(UNKNOWN),
                checkout.tax().map(Money::toMajor).orElse(UNKNOWN),
                checkout.total());
    }

    private static Rates rates(String checkoutId, List<Checkout.Rate> rates) {
        return new Rates(
                Ids.derive("shipment", checkoutId),
                rates.stream()
                        .map(r -> new Rate(r.name(), r.amount(), r.token(), r.estimatedDays()))
                        .toList());
    }
}
