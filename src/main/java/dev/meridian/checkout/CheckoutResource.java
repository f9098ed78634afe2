package dev.meridian.checkout;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.customer.Address;
import dev.meridian.customer.AddressService;
import dev.meridian.order.NewOrder;
import dev.meridian.order.Order;
import dev.meridian.session.Callers;
import dev.meridian.session.OwnerOnly;
import dev.meridian.shared.ValidId;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;

@OwnerOnly
@Path("/checkout/{customerId}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Checkout", description = "What a customer is about to order.")
class CheckoutResource {
    /// The request to replace the checkout.
    @Schema(name = "CheckoutRequest")
    record CheckoutRequest(
            @Schema(description = "May be empty, for a checkout that cannot be submitted yet.") @NotNull
            List<@NotNull @Valid LineRequest> items,

            @Schema(description = "The first address of the customer's profile when absent.") @Valid
            CheckoutAddress shippingAddress,

            @Schema(description = "The token of one of the shippingRates.", examples = "priority-mail")
            String deliveryOptionToken) {

        List<NewOrder.Line> lines() {
            return items.stream()
                    .map(line -> new NewOrder.Line(line.id(), line.quantity()))
                    .toList();
        }

        Optional<Address> address() {
            return Optional.ofNullable(shippingAddress).map(CheckoutAddress::toAddress);
        }

        Optional<String> deliveryOption() {
            return Optional.ofNullable(deliveryOptionToken).filter(token -> !token.isBlank());
        }
    }

    /// One product of that request.
    @Schema(
            name = "CheckoutLineRequest",
            description = "A name and a price may be sent and are ignored: the catalog has them.")
    record LineRequest(
            @Schema(description = "The product.", examples = "p-17") @NotNull @ValidId
            String id,

            @Schema(description = "How many, 1 to 1,000 unless configured otherwise.", examples = "3") @NotNull @Min(1)
            Integer quantity) {}

    private final CheckoutService checkouts;
    private final AddressService postal;
    private final Callers callers;
    private final ObjectMapper json;

    CheckoutResource(CheckoutService checkouts, AddressService postal, Callers callers, ObjectMapper json) {
        this.checkouts = checkouts;
        this.postal = postal;
        this.callers = callers;
        this.json = json;
    }

    @GET
    @Operation(summary = "Read a checkout", description = "A submitted one stays until the next update.")
    @APIResponse(responseCode = "200", description = "The checkout.")
    @APIResponse(responseCode = "404", description = "There is none, or it has expired.")
    public Uni<CheckoutView> get(@PathParam("customerId") @ValidId String customerId) {
        return checkouts.get(callers.readingOf(customerId)).map(this::view);
    }

    @POST
    @Path("/update")
    @Operation(
            summary = "Make or replace a checkout",
            description =
                    "Replaces the whole checkout by a new one. Names, prices and totals come from the catalog. "
                            + "The total holds for 30 minutes, unless configured otherwise: so long it is what a submit charges.")
    @APIResponse(responseCode = "201", description = "The checkout.")
    @APIResponse(responseCode = "400", description = "The fields at fault are in errors.")
    public Uni<RestResponse<CheckoutView>> update(
            @PathParam("customerId") @ValidId String customerId, @NotNull @Valid CheckoutRequest request) {
        return checkouts
                .update(
                        callers.actingFor(customerId),
                        request.lines(),
                        request.address().map(postal::spelled),
                        request.deliveryOption())
                .map(checkout -> RestResponse.status(Status.CREATED, view(checkout)));
    }

    /// The body is optional, and some clients of a call without a body send any content type.
    @POST
    @Path("/submit")
    @Consumes(MediaType.WILDCARD)
    @Operation(
            summary = "Order what is in the checkout",
            description = "Once: a second submit answers the same order, until the next update. The order costs what "
                    + "the checkout says. A body names what the customer agreed to; a client that names the checkout "
                    + "never orders another one, whichever Region answers.")
    @APIResponse(responseCode = "201", description = "The order, confirmed.")
    @APIResponse(responseCode = "202", description = "The order, accepted but not yet confirmed.")
    @APIResponse(responseCode = "400", description = "The body is not valid.")
    @APIResponse(responseCode = "404", description = "There is nothing to submit.")
    @APIResponse(
            responseCode = "409",
            description = "Nothing was ordered. Something is missing (incomplete-checkout), a product is out of stock "
                    + "(out-of-stock), a guest may not have so many units (too-many-units), a price changed after the "
                    + "hold or the body names another total (price-changed), "
                    + "or the body names another checkout (checkout-changed). The last two have the member checkout, "
                    + "a Checkout to agree to: submit again to order it.")
    public Uni<RestResponse<CheckoutSubmitted>> submit(
            @PathParam("customerId") @ValidId String customerId,
            @RequestBody(
                            required = false,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = SubmitRequest.class)))
                    byte[] body)
            throws IOException {
        var agreed = SubmitRequest.of(body, json);
        return checkouts
                .get(callers.actingFor(customerId))
                .invoke(found -> agreed.disagreement(view(found)).ifPresent(problem -> {
                    throw problem;
                }))
                .chain(checkouts::submit)
                .map(outcome -> answer(
                        outcome.order().orElseThrow(() -> CheckoutProblem.priceChanged(view(outcome.checkout())))));
    }

    private static RestResponse<CheckoutSubmitted> answer(Order order) {
        return ResponseBuilder.create(order.isOpen() ? Status.ACCEPTED : Status.CREATED, CheckoutSubmitted.of(order))
                .header(HttpHeaders.LOCATION, "/orders/" + order.id())
                .build();
    }

    private CheckoutView view(Checkout checkout) {
        return CheckoutView.of(checkout, checkouts.rates());
    }
}
