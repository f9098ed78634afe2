package dev.meridian.order;

import dev.meridian.http.PageLink;
import dev.meridian.session.Callers;
import dev.meridian.session.CustomerIds;
import dev.meridian.shared.IdempotencyKeys;
import dev.meridian.shared.Ids;
import dev.meridian.shared.Money;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.ValidId;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

@Path("/orders")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Orders", description = "Orders are taken once for each key, also while the SQL writer is away.")
class OrderResource {
    /// The body of a new order. Costs and names in it are ignored: they come from the catalog.
    @Schema(name = "OrderRequest")
    record OrderRequest(
            @NotNull @Valid ShippingAddress shippingAddress,

            @Schema(description = "1 to 100 lines; lines of one product become one.") @NotEmpty
            List<@NotNull @Valid Line> items) {

        /// One line of a new order.
        @Schema(name = "OrderRequestLine")
        record Line(
                @Schema(examples = "p-17") @NotNull @ValidId String productId,

                @Schema(examples = "2", description = "1 to 1,000 units.") @NotNull @Min(1)
                Integer quantity) {}

        NewOrder toOrder(Optional<String> customerId, Optional<String> key) {
            return new NewOrder(
                    customerId.orElseGet(() -> CustomerIds.guest(shippingAddress.email())),
                    key.orElseGet(Ids::ulid),
                    shippingAddress.toAddress(),
                    items.stream()
                            .map(item -> new NewOrder.Line(item.productId(), item.quantity()))
                            .toList(),
                    Money.ZERO,
                    Money.ZERO);
        }
    }

    private final OrderService orders;
    private final Callers callers;

    OrderResource(OrderService orders, Callers callers) {
        this.orders = orders;
        this.callers = callers;
    }

    @POST
    @Operation(
            summary = "Order",
            description = "The same Idempotency-Key and body are the same order, in every Region. Without the key each"
                    + " call is a new order. The customer is X-Customer-Id, else a guest known by the e-mail address. A key"
                    + " belongs to the customer, and of guests to the visitor whose cookie was sent.")
    @APIResponse(responseCode = "200", description = "The order is confirmed.")
    @APIResponse(
            responseCode = "202",
            description = "The order is durable and will be carried out; see Location for what becomes of it.",
            headers = @Header(name = "Location", description = "Where the order can be read."))
    @APIResponse(responseCode = "400", description = "No items, no address, or values out of bounds.")
    @APIResponse(responseCode = "404", description = "One of the products does not exist.")
    @APIResponse(responseCode = "409", description = "There is not enough in stock.")
    @APIResponse(responseCode = "422", description = "The key was used with another body.")
    @APIResponse(responseCode = "503", description = "The order could not be stored. Try again with the same key.")
    @Parameter(name = IdempotencyKeys.HEADER, in = ParameterIn.HEADER)
    public Uni<RestResponse<OrderView>> place(
            @HeaderParam(CustomerIds.HEADER) String customerId,
            @Context HttpHeaders headers,
            @NotNull @Valid OrderRequest request) {
        var customer = CustomerIds.fromHeader(customerId);
        var key = IdempotencyKeys.parse(headers.getRequestHeader(IdempotencyKeys.HEADER));
        return orders.place(request.toOrder(customer, customer.isPresent() ? key : ofGuest(headers, key)))
                .map(order -> placed(order, OrderView.of(order), "/orders/" + order.id()));
    }

    /// The order's id is derived from the customer and the key. Guests with one e-mail address are one
    /// customer, but each visitor has keys of its own.
    private Optional<String> ofGuest(HttpHeaders headers, Optional<String> key) {
        return callers.of(headers).isPresent() ? callers.key(headers, key, "") : key;
    }

    /// 200, or 202 with the `Location` to poll while the order is open.
    static <T> RestResponse<T> placed(Order order, T body, String location) {
        if (!order.isOpen()) return RestResponse.ok(body);
        return RestResponse.ResponseBuilder.create(RestResponse.Status.ACCEPTED, body)
                .header(HttpHeaders.LOCATION, location)
                .header(HttpHeaders.RETRY_AFTER, 1)
                .build();
    }

    @GET
    @Operation(summary = "List a customer's orders", description = "Newest first. Link leads to the next page.")
    @APIResponse(
            responseCode = "200",
            description = "One page of orders.",
            headers = @Header(name = "Link", description = "The next page, rel=\"next\"; absent on the last one."))
    @APIResponse(responseCode = "400", description = "No customer, or a limit or cursor that is not valid.")
    public Uni<RestResponse<List<OrderView>>> list(
            @Parameter(description = "Whose orders; X-Customer-Id when absent.") @QueryParam("customerId") @ValidId
                    String customerId,
            @HeaderParam(CustomerIds.HEADER) String customerHeader,
            @Parameter(description = "Orders per page, 1 to 100.") @QueryParam("limit") @DefaultValue("20") @Min(1)
                    int limit,
            @Parameter(description = "From the Link header of the page before.") @QueryParam("cursor")
                    Optional<String> cursor,
            @Context UriInfo uri) {
        var customer = Optional.ofNullable(customerId)
                .or(() -> CustomerIds.fromHeader(customerHeader))
                .orElseThrow(() -> ProblemException.invalid("customerId", "must say whose orders to list"));
        return orders.list(customer, limit, cursor).map(page -> {
            var answer = RestResponse.ResponseBuilder.ok(
                    page.items().stream().map(OrderView::of).toList());
            PageLink.add(answer, page, uri);
            return answer.build();
        });
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "Read an order", description = "Sees an own order at once, in any Region.")
    @APIResponse(responseCode = "200", description = "The order.")
    @APIResponse(responseCode = "404", description = "There is no such order.")
    public Uni<OrderView> get(@Parameter(example = "5M2KQ0V7ZC9T3XW8R1YBN6D4HE") @PathParam("id") @ValidId String id) {
        return orders.get(id).map(OrderView::of);
    }

    @POST
    @Path("/{id}/cancel")
    @Operation(summary = "Cancel an order", description = "Gives its stock back, once. Cancelling again does no harm.")
    @APIResponse(responseCode = "200", description = "The cancelled order.")
    @APIResponse(responseCode = "404", description = "There is no such order.")
    @APIResponse(responseCode = "409", description = "The order is not confirmed, or was rejected.")
    @APIResponse(responseCode = "503", description = "A store does not answer. Try again.")
    public Uni<OrderView> cancel(@PathParam("id") @ValidId String id) {
        return orders.cancel(id).map(OrderView::of);
    }
}
