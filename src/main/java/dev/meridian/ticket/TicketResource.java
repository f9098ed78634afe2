package dev.meridian.ticket;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.meridian.http.PageLink;
import dev.meridian.session.Anybody;
import dev.meridian.session.Callers;
import dev.meridian.session.SupportOnly;
import dev.meridian.shared.IdempotencyKeys;
import dev.meridian.shared.Ids;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.ValidId;
import dev.meridian.ticket.Ticket.Priority;
import dev.meridian.ticket.Ticket.Status;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
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
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

@Path("/ticket")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Tickets", description = "Support tickets.")
class TicketResource {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withResolverStyle(ResolverStyle.STRICT);

    /// What a client sends to create or change a ticket.
    @Schema(name = "TicketRequest")
    record TicketRequest(
            @Schema(
                    description =
                            "Absent, null, empty or 0: a new ticket. A known id: a change of that ticket. A number "
                                    + "is read as its digits.")
            String id,

            @Schema(
                    minLength = 10,
                    maxLength = 2000,
                    description = "Text; of the control characters only line breaks and tabs.",
                    examples = "The cyclops ate my order confirmation.")
            @NotNull
            String description,

            @Schema(maxLength = 200, description = "Empty while nobody works on it.", examples = "support") @NotNull
            String assigned,

            @NotNull Priority priority,
            @NotNull Status status,

            @Schema(minLength = 1, maxLength = 200, examples = "p.oseidon@example.com") @NotNull
            String createdBy,

            @Schema(
                    description = "UTC, `yyyy-MM-dd HH:mm:ss`, or ISO-8601 with a zone; now when absent or empty. From "
                            + "1970 to a day ahead. A change of a ticket leaves it as it was.",
                    examples = "2026-11-21 07:01:33")
            String createdOn,

            @Schema(
                    description = "The version last seen; a change of an older one is refused. Absent: the change "
                            + "applies to whatever is stored.",
                    examples = "1")
            @Min(1)
            Long version) {

        boolean isNew() {
            return id == null || id.isBlank() || id.equals("0");
        }

        Ticket toTicket() {
            if (!isNew()) Ids.check("id", id);
            return new Ticket(id, description, assigned, priority, status, createdBy, created(), 1);
        }

        private Instant created() {
            if (createdOn == null || createdOn.isBlank()) return null;
            try {
                var time = createdOn.indexOf('T') > 0
                        ? OffsetDateTime.parse(createdOn).toInstant()
                        : LocalDateTime.parse(createdOn, TIME).toInstant(ZoneOffset.UTC);
                return time.truncatedTo(ChronoUnit.SECONDS);
            } catch (DateTimeParseException _) {
                throw ProblemException.invalid("createdOn", "is no time such as 2026-11-21 07:01:33");
            }
        }
    }

    /// The list as the ticket client reads it.
    @Schema(name = "TicketList")
    record TicketList(
            @JsonProperty("Items") List<Ticket> items,
            @JsonProperty("Count") int count,
            @JsonProperty("ScannedCount") int scannedCount) {}

    private final TicketService tickets;
    private final Callers callers;

    TicketResource(TicketService tickets, Callers callers) {
        this.tickets = tickets;
        this.callers = callers;
    }

    @GET
    @SupportOnly
    @Operation(summary = "List tickets", description = "Newest first. A Link header leads to the next page.")
    @APIResponse(responseCode = "200", description = "One page of tickets.")
    @APIResponse(responseCode = "400", description = "A wrong limit or cursor.")
    public Uni<RestResponse<TicketList>> list(
            @Parameter(
                            description = "Tickets per page, 1 to 1000. Very long tickets make a page shorter.",
                            schema = @Schema(minimum = "1", maximum = "1000", defaultValue = "100"))
                    @QueryParam("limit")
                    @DefaultValue("100")
                    int limit,
            @Context HttpServerRequest sent,
            @Parameter(description = "From the Link header of the page before.") @QueryParam("cursor")
                    Optional<String> cursor) {
        return tickets.list(limit, cursor).map(page -> {
            var items = page.items();
            var answer = RestResponse.ResponseBuilder.ok(new TicketList(items, items.size(), items.size()));
            PageLink.add(answer, page, sent);
            return answer.build();
        });
    }

    @POST
    @Anybody
    @Operation(
            summary = "Create or change a ticket",
            description =
                    "Without an id a new ticket, one for each Idempotency-Key of a caller: X-Customer-Id, else the "
                            + "visitor's cookie, else createdBy. With a known id a change.")
    @APIResponse(responseCode = "200", description = "The ticket as it is stored now.")
    @APIResponse(responseCode = "400", description = "A wrong value; `errors` names the field.")
    @APIResponse(responseCode = "404", description = "There is no ticket with the given id.")
    @APIResponse(responseCode = "409", description = "The ticket has another version than the given one.")
    @APIResponse(responseCode = "422", description = "The caller used the key for another ticket.")
    @Parameter(name = IdempotencyKeys.HEADER, in = ParameterIn.HEADER)
    public Uni<Ticket> save(@Context HttpHeaders headers, @NotNull @Valid TicketRequest request) {
        var key = IdempotencyKeys.parse(headers.getRequestHeader(IdempotencyKeys.HEADER));
        var caller = callers.current();
        if (!request.isNew()) callers.requireSupport();
        return request.isNew()
                ? tickets.create(request.toTicket(), caller.key(key, request.createdBy()), caller.noted())
                : tickets.update(request.toTicket(), Optional.ofNullable(request.version()));
    }

    @GET
    @SupportOnly
    @Path("/{id}")
    @Operation(summary = "Read a ticket")
    @APIResponse(responseCode = "200", description = "The ticket.")
    @APIResponse(responseCode = "404", description = "There is no such ticket.")
    public Uni<Ticket> get(@PathParam("id") @ValidId String id) {
        return tickets.get(id);
    }

    @GET
    @SupportOnly
    @Path("/{id}/changes")
    @Operation(
            summary = "List the changes of a ticket",
            description =
                    "Newest first; the last one is what the ticket was created with. Two changes with one version were "
                            + "made in two Regions at the same time: the later one decides the state. A Link header "
                            + "leads to the next page.")
    @APIResponse(responseCode = "200", description = "One page of changes.")
    @APIResponse(responseCode = "400", description = "A wrong limit or cursor.")
    @APIResponse(responseCode = "404", description = "There is no such ticket.")
    public Uni<RestResponse<List<TicketChange>>> changes(
            @PathParam("id") @ValidId String id,
            @Parameter(
                            description = "Changes per page, 1 to 100.",
                            schema = @Schema(minimum = "1", maximum = "100", defaultValue = "100"))
                    @QueryParam("limit")
                    @DefaultValue("100")
                    int limit,
            @Context HttpServerRequest sent,
            @Parameter(description = "From the Link header of the page before.") @QueryParam("cursor")
                    Optional<String> cursor) {
        return tickets.changes(id, limit, cursor).map(page -> {
            var answer = RestResponse.ResponseBuilder.ok(page.items());
            PageLink.add(answer, page, sent);
            return answer.build();
        });
    }
}
