package dev.meridian.order;

import dev.meridian.http.PageLink;
import dev.meridian.session.Anybody;
import dev.meridian.session.Caller;
import dev.meridian.session.Callers;
import dev.meridian.session.CustomerIds;
import dev.meridian.session.Guests;
import dev.meridian.session.OwnerOnly;
import dev.meridian.shared.IdempotencyKeys;
import dev.meridian.shared.Ids;
import dev.meridian.shared.Money;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.ValidId;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
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

        NewOrder toOrder(String customerId, Optional<String> key) {
            return new NewOrder(
                    customerId,
                    key.orElseGet(Ids::ulid),
                    shippingAddress.toAddress(),
                    items.stream()
                            .map(item -> new NewOrder.Line(item.productId(), item.quantity()))
                            .toList(),
                    Money.ZERO,
                    Money.ZERO);
        }
    }

    private static final String LINK = "From the guest's link to this order, which opens it without a session.";

    private final OrderService orders;
    private final OrderAccessService access;
    private final Callers callers;
    private final Guests guests;

    OrderResource(OrderService orders, OrderAccessService access, Callers callers, Guests guests) {
        this.orders = orders;
        this.access = access;
        this.callers = callers;
        this.guests = guests;
    }

    @POST
    @Anybody
    @Operation(
            summary = "Order",
            description = "The same Idempotency-Key and body are the same order, in every Region. Without the key each"
                    + " call is a new order. The customer is X-Customer-Id, else the guest of the session, else a guest known by"
                    + " the e-mail address. A key belongs to the customer.")
    @APIResponse(responseCode = "200", description = "The order is confirmed.")
    @APIResponse(
            responseCode = "202",
            description = "The order is durable and will be carried out; see Location for what becomes of it.",
            headers = @Header(name = "Location", description = "Where the order can be read."))
    @APIResponse(responseCode = "400", description = "No items, no address, or values out of bounds.")
    @APIResponse(responseCode = "404", description = "One of the products does not exist.")
    @APIResponse(
            responseCode = "409",
            description = "There is not enough in stock, or a guest may not have so many units of a product.")
    @APIResponse(responseCode = "422", description = "The key was used with another body.")
    @APIResponse(responseCode = "503", description = "The order could not be stored. Try again with the same key.")
    @Parameter(name = IdempotencyKeys.HEADER, in = ParameterIn.HEADER)
    @Parameter(
            name = CustomerIds.HEADER,
            in = ParameterIn.HEADER,
            schema = @Schema(type = SchemaType.STRING, pattern = Ids.PATTERN))
    public Uni<RestResponse<OrderView>> place(@Context HttpHeaders headers, @NotNull @Valid OrderRequest request) {
        var customer = callers.current()
                .customerId()
                .orElseGet(() -> guests.id(request.shippingAddress().email()));
        var key = IdempotencyKeys.parse(headers.getRequestHeader(IdempotencyKeys.HEADER));
        return orders.place(request.toOrder(customer, key))
                .map(order -> placed(order, OrderView.of(order), "/orders/" + order.id()));
    }

    /// 200, or 202 with the `Location` to poll while the order is open.
    static <T> RestResponse<T> placed(Order order, T body, String location) {
        return order.isOpen() ? pending(body, location) : RestResponse.ok(body);
    }

    private static <T> RestResponse<T> pending(T body, String location) {
        return RestResponse.ResponseBuilder.create(RestResponse.Status.ACCEPTED, body)
                .header(HttpHeaders.LOCATION, location)
                .header(HttpHeaders.RETRY_AFTER, 1)
                .build();
    }

    @GET
    @OwnerOnly
    @Operation(summary = "List a customer's orders", description = "Newest first. Link leads to the next page.")
    @APIResponse(
            responseCode = "200",
            description = "One page of orders.",
            headers = @Header(name = "Link", description = "The next page, rel=\"next\"; absent on the last one."))
    @APIResponse(responseCode = "400", description = "No customer, or a limit or cursor that is not valid.")
    @Parameter(
            name = CustomerIds.HEADER,
            in = ParameterIn.HEADER,
            schema = @Schema(type = SchemaType.STRING, pattern = Ids.PATTERN))
    public Uni<RestResponse<List<OrderView>>> list(
            @Parameter(description = "Whose orders; X-Customer-Id, or the guest of the session, when absent.")
                    @QueryParam("customerId")
                    @ValidId
                    String customerId,
            @Parameter(description = "Orders per page, 1 to 100.") @QueryParam("limit") @DefaultValue("20") @Min(1)
                    int limit,
            @Parameter(description = "From the Link header of the page before.") @QueryParam("cursor")
                    Optional<String> cursor,
            @Context HttpServerRequest sent) {
        var caller = callers.current();
        var customer = Optional.ofNullable(customerId)
                .map(caller::readingOf)
                .or(caller::customerId)
                .orElseThrow(() -> ProblemException.invalid("customerId", "must say whose orders to list"));
        return orders.list(customer, limit, cursor).map(page -> {
            var answer = RestResponse.ResponseBuilder.ok(
                    page.items().stream().map(OrderView::of).toList());
            PageLink.add(answer, page, sent);
            return answer.build();
        });
    }

    @GET
    @OwnerOnly
    @Path("/{id}")
    @Operation(summary = "Read an order", description = "Sees an own order at once, in any Region.")
    @APIResponse(responseCode = "200", description = "The order.")
    @APIResponse(responseCode = "404", description = "There is no such order.")
    public Uni<OrderView> get(
            @Parameter(example = "5M2KQ0V7ZC9T3XW8R1YBN6D4HE") @PathParam("id") @ValidId String id,
            @Parameter(description = LINK) @QueryParam("link") String link) {
        var caller = asking(link);
        return orders.get(id).map(order -> OrderView.of(access.readable(order, caller, link)));
    }

    /// Before the order is looked for: whether it is there is not for nobody.
    private Caller asking(String link) {
        var caller = callers.current();
        return link == null ? caller.known() : caller;
    }

    @GET
    @OwnerOnly
    @Path("/{id}/history")
    @Operation(
            summary = "Read what happened to an order",
            description =
                    "Accepted, confirmed, lost and replayed in a failover, rejected, cancelled: when, and in which"
                            + " Region. The last event always has the status that GET /orders/{id} has. Time and Region are"
                            + " absent where no store has them.")
    @APIResponse(responseCode = "200", description = "The history.")
    @APIResponse(responseCode = "404", description = "There is no such order.")
    public Uni<OrderHistoryView> history(
            @PathParam("id") @ValidId String id, @Parameter(description = LINK) @QueryParam("link") String link) {
        var caller = asking(link);
        return orders.history(id)
                .invoke(history -> access.readable(history.order(), caller, link))
                .map(OrderHistoryView::of);
    }

    @POST
    @OwnerOnly
    @Path("/{id}/cancel")
    @Operation(
            summary = "Cancel an order",
            description = "Gives its stock back, once. Cancelling again does no harm. An order that is not confirmed"
                    + " yet, or whose SQL writer is away, is cancelled later, unless it is rejected.")
    @APIResponse(responseCode = "200", description = "The cancelled order.")
    @APIResponse(
            responseCode = "202",
            description = "The request is durable and will be carried out: the order as it is, with cancelRequestedAt.",
            headers = @Header(name = "Location", description = "Where the order can be read."))
    @APIResponse(responseCode = "404", description = "There is no such order.")
    @APIResponse(responseCode = "409", description = "The order was rejected.")
    @APIResponse(responseCode = "503", description = "A store does not answer. Try again.")
    public Uni<RestResponse<OrderView>> cancel(@PathParam("id") @ValidId String id) {
        return orders.cancel(id, callers.current().known())
                .map(order -> order.cancelRequestedAt() == null
                        ? RestResponse.ok(OrderView.of(order))
                        : pending(OrderView.of(order), "/orders/" + order.id()));
    }
}
