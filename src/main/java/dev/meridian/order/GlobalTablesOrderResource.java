package dev.meridian.order;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.meridian.session.Callers;
import dev.meridian.session.OperatorOnly;
import dev.meridian.session.OwnerOnly;
import dev.meridian.shared.ValidId;
import io.smallrye.mutiny.Uni;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Global-tables orders", description = "Orders of one unit of one product under the client's own id.")
class GlobalTablesOrderResource {
    private static final int FILL_MAX = 1000;

    /// An order in the JSON of this client API.
    @Schema(name = "UnitOrder")
    record UnitOrder(
            @JsonProperty("OrderId") @Schema(examples = "order-2042")
            String orderId,

            @JsonProperty("ProductId") @Schema(examples = "p-17")
            String productId,

            @JsonProperty("CustomerId") @Schema(examples = "c-81")
            String customerId,

            @JsonProperty("OrderStatus") Order.Status orderStatus) {}

    /// The answer to a new order.
    @Schema(name = "UnitOrderCreated")
    record Created(@Schema(examples = "Order created") String msg) {}

    private final OrderService orders;
    private final Callers callers;
    private final SampleFill samples;

    GlobalTablesOrderResource(OrderService orders, Callers callers, SampleFill samples) {
        this.orders = orders;
        this.callers = callers;
        this.samples = samples;
    }

    @POST
    @Path("/orders")
    @OwnerOnly
    @Operation(
            summary = "Order one unit of a product",
            description = "orderId is the idempotency key: the same three again are the same order. A body is ignored.")
    @APIResponse(responseCode = "200", description = "The order is confirmed.")
    @APIResponse(responseCode = "202", description = "The order is durable and will be carried out.")
    @APIResponse(responseCode = "400", description = "A parameter is missing or is no id.")
    @APIResponse(responseCode = "404", description = "There is no such customer or product.")
    @APIResponse(
            responseCode = "409",
            description = "The product is sold, or another customer has an order under these ids.")
    @APIResponse(responseCode = "503", description = "The order could not be stored. Try again with the same ids.")
    public Uni<RestResponse<Created>> place(
            @Parameter(description = "A known customer.") @QueryParam("customerId") @NotNull @ValidId String customerId,
            @Parameter(description = "A product of the catalog.") @QueryParam("productId") @NotNull @ValidId
                    String productId,
            @Parameter(description = "Any id of the client's own.") @QueryParam("orderId") @NotNull @ValidId
                    String orderId) {
        var location = "/v1/orders?orderId=" + orderId + "&productId=" + productId;
        return orders.placeUnit(callers.actingFor(customerId), productId, orderId)
                .map(order -> OrderResource.placed(order, new Created("Order created"), location));
    }

    @GET
    @Path("/orders")
    @OwnerOnly
    @Operation(summary = "Read an order under the client's own id")
    @APIResponse(responseCode = "200", description = "The order.")
    @APIResponse(responseCode = "400", description = "A parameter is missing or is no id.")
    @APIResponse(responseCode = "404", description = "There is no such order.")
    public Uni<UnitOrder> get(
            @QueryParam("orderId") @NotNull @ValidId String orderId,
            @QueryParam("productId") @NotNull @ValidId String productId) {
        var caller = callers.current().known();
        return orders.getUnit(orderId, productId)
                .invoke(order -> {
                    if (!caller.mayRead(order.customerId())) throw OrderProblem.unknownUnit(orderId, productId);
                })
                .map(order -> new UnitOrder(orderId, productId, order.customerId(), order.status()));
    }

    @POST
    @Path("/fill")
    @OperatorOnly
    @Operation(
            summary = "Make sample data",
            description = "Customers, products of which there is one unit each, and orders: the n-th order is of the"
                    + " n-th product. Off unless meridian.sample-data.fill-enabled.")
    @APIResponse(responseCode = "200", description = "The ids of what was made.")
    @APIResponse(responseCode = "400", description = "A number is missing, no integer, or not 0 to 1,000.")
    @APIResponse(responseCode = "401", description = "The administrator's token is missing or wrong.")
    @APIResponse(responseCode = "403", description = "Sample data is off here.")
    public Uni<SampleFill.Filled> fill(
            @Parameter(description = "Customers.") @QueryParam("cust") @NotNull @Min(0) @Max(FILL_MAX) Integer cust,
            @Parameter(description = "Orders.") @QueryParam("order") @NotNull @Min(0) @Max(FILL_MAX) Integer order,
            @Parameter(description = "Products.") @QueryParam("product") @NotNull @Min(0) @Max(FILL_MAX)
                    Integer product) {
        return samples.fill(cust, product, order);
    }
}
