package dev.meridian.recovery;

import dev.meridian.http.PageLink;
import dev.meridian.session.OperatorOnly;
import dev.meridian.shared.Csv;
import dev.meridian.shared.Page;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

@Path("/admin/recovery")
@OperatorOnly
@Tag(name = "Recovery", description = "What a failover of the SQL writer has lost, and what became of it.")
class RecoveryResource {
    private static final String CSV = "text/csv";
    private static final String HEADER =
            Csv.line("orderId", "customerId", "acceptedAt", "confirmedAt", "foundAt", "outcome", "reason", "region");

    private final RecoveryService recovery;

    RecoveryResource(RecoveryService recovery) {
        this.recovery = recovery;
    }

    @GET
    @Path("/missing-orders")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "List the orders that a failover lost",
            description = "For administrators. Orders that had been confirmed and that a new SQL writer lacked or "
                    + "contradicted, newest find first, also those that are replayed since. Also orders that were "
                    + "accepted before the writer was replaced and are rejected since: they may have been confirmed, "
                    + "and have no confirmedAt. JSON, or CSV with a header line on each page when Accept asks for "
                    + "text/csv. Link leads to the next page.")
    @APIResponse(
            responseCode = "200",
            description = "One page.",
            headers = @Header(name = "Link", description = "The next page, rel=\"next\"; absent on the last one."))
    @APIResponse(responseCode = "400", description = "A limit or cursor that is not valid.")
    @APIResponse(responseCode = "401", description = "The bearer token is missing or wrong.")
    public Uni<RestResponse<List<MissingOrder>>> missing(
            @Parameter(description = "Orders per page, 1 to 1,000.") @QueryParam("limit") @DefaultValue("100")
                    int limit,
            @Parameter(description = "From the Link header of the page before.") @QueryParam("cursor")
                    Optional<String> cursor,
            @Context HttpServerRequest sent) {
        return recovery.missing(limit, cursor).map(page -> answer(page, Page::items, sent));
    }

    @GET
    @Path("/missing-orders")
    @Produces(CSV)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> missingAsCsv(
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("cursor") Optional<String> cursor,
            @Context HttpServerRequest sent) {
        return recovery.missing(limit, cursor).map(page -> answer(page, RecoveryResource::csv, sent));
    }

    private static <T> RestResponse<T> answer(
            Page<MissingOrder> page, Function<Page<MissingOrder>, T> body, HttpServerRequest sent) {
        var answer = ResponseBuilder.ok(body.apply(page));
        PageLink.add(answer, page, sent);
        return answer.build();
    }

    private static String csv(Page<MissingOrder> page) {
        return page.items().stream()
                .map(order -> Csv.line(
                        order.orderId(),
                        order.customerId(),
                        order.acceptedAt(),
                        order.confirmedAt(),
                        order.foundAt(),
                        order.outcome().name().toLowerCase(Locale.ROOT),
                        order.reason(),
                        order.region()))
                .collect(Collectors.joining("", HEADER, ""));
    }
}
