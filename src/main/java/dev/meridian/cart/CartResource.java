package dev.meridian.cart;

import dev.meridian.http.PageLink;
import dev.meridian.http.Prefetch;
import dev.meridian.session.Callers;
import dev.meridian.session.OwnerOnly;
import dev.meridian.shared.IdempotencyKeys;
import dev.meridian.shared.Ids;
import dev.meridian.shared.Page;
import dev.meridian.shared.ValidId;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
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
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

@OwnerOnly
@Path("/carts/{customerId}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Carts", description = "One cart for each customer, or for each session of a visitor who is not known yet.")
class CartResource {
    /// The request to add to a line or to set it.
    @Schema(
            name = "CartItemRequest",
            description = "A unitPrice may be sent and is ignored: the catalog has the price.")
    record ItemRequest(
            @Schema(description = "The product.", examples = "p-17") @NotNull @ValidId
            String itemId,

            @Schema(description = "How many, 1 to 1,000 unless configured otherwise.", examples = "3") @NotNull
            Integer quantity) {}

    /// The request to set the line that the path names.
    @Schema(name = "CartQuantityRequest")
    record QuantityRequest(
            @Schema(description = "How many, 1 to 1,000 unless configured otherwise.", examples = "3") @NotNull
            Integer quantity) {}

    /// The cart in responses.
    @Schema(name = "Cart")
    record CartView(
            @Schema(examples = "c-42") String customerId,

            @Schema(description = "The lines by product id; empty, never null.")
            List<CartItem> items) {}

    private final CartService carts;
    private final Callers callers;

    CartResource(CartService carts, Callers callers) {
        this.carts = carts;
        this.callers = callers;
    }

    @GET
    @Operation(summary = "Read a cart", description = "A cart that nobody filled is empty. A Link header leads on.")
    @APIResponse(responseCode = "200", description = "The cart.")
    public Uni<RestResponse<CartView>> cart(
            @Parameter(schema = @Schema(type = SchemaType.STRING, pattern = Ids.PATTERN)) @PathParam("customerId")
                    String customerId,
            @Parameter(description = "Lines at most; 500 unless configured otherwise.") @QueryParam("limit")
                    Optional<Integer> limit,
            @Parameter(description = "From the Link header of the page before.") @QueryParam("cursor")
                    Optional<String> cursor,
            @Context HttpServerRequest sent) {
        // Not by a validator of methods: that is a twentieth of the call.
        Ids.check("customerId", customerId);
        return carts.list(callers.readingOf(customerId), limit, cursor)
                .chain(page -> carts.atPricesNow(page.items())
                        .map(lines -> answer(new CartView(customerId, lines), page, sent)));
    }

    @DELETE
    @Operation(
            summary = "Empty a cart",
            description = "Idempotent. Also removes what other Regions added before and this one does not have yet.")
    @APIResponse(responseCode = "202", description = "The empty cart.")
    public Uni<RestResponse<CartView>> clear(@PathParam("customerId") @ValidId String customerId) {
        return carts.clear(callers.actingFor(customerId))
                .map(_ -> RestResponse.status(RestResponse.Status.ACCEPTED, new CartView(customerId, List.of())));
    }

    @GET
    @Path("/items")
    @Operation(summary = "List the lines of a cart", description = "By product id. A Link header leads on.")
    @APIResponse(responseCode = "200", description = "The lines; empty for a cart that nobody filled.")
    public Uni<RestResponse<List<CartItem>>> items(
            @PathParam("customerId") @ValidId String customerId,
            @Parameter(description = "Lines at most; 500 unless configured otherwise.") @QueryParam("limit")
                    Optional<Integer> limit,
            @Parameter(description = "From the Link header of the page before.") @QueryParam("cursor")
                    Optional<String> cursor,
            @Context HttpServerRequest sent) {
        return carts.list(callers.readingOf(customerId), limit, cursor)
                .chain(page -> carts.atPricesNow(page.items()).map(lines -> answer(lines, page, sent)));
    }

    @POST
    @Path("/items")
    @Operation(
            summary = "Add to a line",
            description = "Adds the quantity to what is there, whichever Region has it. With an Idempotency-Key a "
                    + "repeated request adds once, in whichever Regions it is repeated.")
    @APIResponse(responseCode = "201", description = "The line now, at the catalog's price.")
    @APIResponse(responseCode = "400", description = "The quantity, or its sum with what is there, is out of bounds.")
    @APIResponse(responseCode = "404", description = "There is no such product.")
    @APIResponse(responseCode = "409", description = "The cart has as many lines as an order may have.")
    @APIResponse(responseCode = "422", description = "The key was used for this product with another quantity.")
    @Parameter(
            name = IdempotencyKeys.HEADER,
            in = ParameterIn.HEADER,
            description = "1 to 255 visible ASCII characters. A line remembers the keys of its last 200 edits.")
    public Uni<RestResponse<CartItem>> add(
            @PathParam("customerId") @ValidId String customerId,
            @Context HttpHeaders headers,
            @NotNull @Valid ItemRequest request) {
        var key = IdempotencyKeys.parse(headers.getRequestHeader(IdempotencyKeys.HEADER));
        return carts.add(callers.actingFor(customerId), request.itemId(), request.quantity(), key)
                .map(line -> RestResponse.status(RestResponse.Status.CREATED, line));
    }

    @PATCH
    @Path("/items")
    @Operation(summary = "Set a line", description = "As PUT with the product in the body. Idempotent.")
    @APIResponse(responseCode = "202", description = "The line now, at the catalog's price.")
    @APIResponse(responseCode = "400", description = "The quantity is out of bounds.")
    @APIResponse(responseCode = "404", description = "There is no such product.")
    @APIResponse(responseCode = "409", description = "The cart has as many lines as an order may have.")
    public Uni<RestResponse<CartItem>> set(
            @PathParam("customerId") @ValidId String customerId, @NotNull @Valid ItemRequest request) {
        return carts.set(callers.actingFor(customerId), request.itemId(), request.quantity())
                .map(line -> RestResponse.status(RestResponse.Status.ACCEPTED, line));
    }

    @PUT
    @Path("/items/{itemId}")
    @Operation(summary = "Set a line", description = "Begins the line when it is not there. Idempotent.")
    @APIResponse(responseCode = "200", description = "The line now, at the catalog's price.")
    @APIResponse(responseCode = "400", description = "The quantity is out of bounds.")
    @APIResponse(responseCode = "404", description = "There is no such product.")
    @APIResponse(responseCode = "409", description = "The cart has as many lines as an order may have.")
    public Uni<CartItem> put(
            @PathParam("customerId") @ValidId String customerId,
            @PathParam("itemId") @ValidId String itemId,
            @NotNull @Valid QuantityRequest request) {
        return carts.set(callers.actingFor(customerId), itemId, request.quantity());
    }

    @GET
    @Path("/items/{itemId}")
    @Operation(summary = "Read a line")
    @APIResponse(responseCode = "200", description = "The line.")
    @APIResponse(responseCode = "404", description = "The product is not in the cart.")
    public Uni<CartItem> item(
            @PathParam("customerId") @ValidId String customerId, @PathParam("itemId") @ValidId String itemId) {
        return carts.get(callers.readingOf(customerId), itemId)
                .chain(line -> carts.atPricesNow(List.of(line)))
                .map(List::getFirst);
    }

    @DELETE
    @Path("/items/{itemId}")
    @Operation(summary = "Remove a line", description = "Idempotent.")
    @APIResponse(responseCode = "202", description = "The product is not in the cart any more.")
    public Uni<RestResponse<Void>> remove(
            @PathParam("customerId") @ValidId String customerId, @PathParam("itemId") @ValidId String itemId) {
        return carts.remove(callers.actingFor(customerId), itemId).map(_ -> RestResponse.accepted());
    }

    @POST
    @Path("/merge")
    @Operation(
            summary = "Merge a session's cart into a customer's",
            description = "Moves every line; quantities are added. May be repeated, in any Region, and may meet any "
                    + "other writes: each unit is moved once.")
    @APIResponse(responseCode = "202", description = "The session's cart is empty.")
    @APIResponse(responseCode = "409", description = "Lines that do not fit stay; others are moved.")
    public Uni<RestResponse<Void>> merge(
            @PathParam("customerId") @ValidId String customerId,
            @Parameter(description = "The cart to move from.", example = "s-7f3a")
                    @QueryParam("sessionId")
                    @NotNull
                    @ValidId
                    String sessionId) {
        return carts.merge(callers.actingFor(customerId), callers.movingFrom(sessionId))
                .map(_ -> RestResponse.accepted());
    }

    @GET
    @Path("/merge")
    @Operation(
            summary = "Merge a session's cart into a customer's, for older clients",
            description = "Does what POST does. New clients should POST. HEAD, and a browser that fetches in advance, "
                    + "change nothing.")
    @APIResponse(responseCode = "202", description = "The session's cart is empty.")
    @APIResponse(responseCode = "405", description = "Nobody has asked for it yet.")
    @APIResponse(responseCode = "409", description = "Lines that do not fit stay; others are moved.")
    public Uni<RestResponse<Void>> mergeByGet(
            @PathParam("customerId") @ValidId String customerId,
            @Parameter(description = "The cart to move from.", example = "s-7f3a")
                    @QueryParam("sessionId")
                    @NotNull
                    @ValidId
                    String sessionId,
            @Context HttpServerRequest sent) {
        if (Prefetch.isSafe(sent)) throw new NotAllowedException(HttpMethod.POST);
        return merge(customerId, sessionId);
    }

    private static <T> RestResponse<T> answer(T body, Page<?> page, HttpServerRequest sent) {
        var answer = ResponseBuilder.ok(body);
        PageLink.add(answer, page, sent);
        return answer.build();
    }
}
