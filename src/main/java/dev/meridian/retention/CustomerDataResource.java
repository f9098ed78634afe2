package dev.meridian.retention;

import dev.meridian.http.PageLink;
import dev.meridian.session.OperatorOnly;
import dev.meridian.shared.ValidId;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

@Path("/admin/customers/{id}/data")
@Produces(MediaType.APPLICATION_JSON)
@OperatorOnly
@Tag(name = "Customer data", description = "What the store knows of a customer.")
class CustomerDataResource {
    private static final int ACCEPTED = 202;

    private final RetentionService retention;

    CustomerDataResource(RetentionService retention) {
        this.retention = retention;
    }

    @GET
    @Operation(
            summary = "Export a customer's data",
            description = "For administrators. Profile, cart, checkout, orders, tickets and scores, as this Region has "
                    + "them, with the items of each under its name. About 1,000 items a page; Link leads to the next one. "
                    + "A customer that is not known has no parts.")
    @APIResponse(
            responseCode = "200",
            description = "The data.",
            headers = @Header(name = "Link", description = "The next page, rel=\"next\"; absent on the last one."))
    @APIResponse(responseCode = "400", description = "The id or the cursor is not valid.")
    @APIResponse(responseCode = "401", description = "The bearer token is missing or wrong.")
    public Uni<RestResponse<CustomerData>> export(
            @PathParam("id") @ValidId String id,
            @Parameter(description = "From the Link header of the page before.") @QueryParam("cursor")
                    Optional<String> cursor,
            @Context HttpServerRequest sent) {
        return retention.export(id, cursor).map(page -> {
            var answer = ResponseBuilder.ok(page.items().getFirst());
            PageLink.add(answer, page, sent);
            return answer.build();
        });
    }

    @DELETE
    @Operation(
            summary = "Erase a customer's data",
            description =
                    "For administrators. Deletes profile, cart, checkout, tickets and scores; takes customer, key "
                            + "and address out of orders, whose sums and stock stay. Repeating it is safe, also after a failure, "
                            + "and in another Region. Repeat it until the answer is 204.")
    @APIResponse(responseCode = "204", description = "This Region's stores know nothing of the customer any more.")
    @APIResponse(
            responseCode = "202",
            description = "Something is left: an order that is not settled or changed a moment ago, or more than one "
                    + "request may erase.",
            content = @Content(schema = @Schema(implementation = Erasure.class)))
    @APIResponse(responseCode = "400", description = "The id is not valid.")
    @APIResponse(responseCode = "401", description = "The bearer token is missing or wrong.")
    public Uni<RestResponse<Erasure>> erase(@PathParam("id") @ValidId String id) {
        return retention
                .erase(id)
                .map(erasure -> erasure.endsHere()
                        ? RestResponse.<Erasure>noContent()
                        : RestResponse.ResponseBuilder.<Erasure>create(ACCEPTED)
                                .entity(erasure)
                                .build());
    }
}
