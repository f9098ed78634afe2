package dev.meridian.ticket;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.meridian.shared.Id;
import dev.meridian.shared.IdempotencyKeys;
import dev.meridian.shared.ProblemException;
import dev.meridian.ticket.Ticket.Priority;
import dev.meridian.ticket.Ticket.Status;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
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
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
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
            @Schema(description = "Absent, empty or 0: a new ticket. A known id: a change of that ticket.")
            @Size(max = 128)
            String id,

            @NotNull @Size(min = 10, max = 2000) String description,
            @NotNull @Size(min = 1, max = 200) String assigned,
            @NotNull Priority priority,
            @NotNull Status status,
            @NotNull @Size(min = 1, max = 200) String createdBy,

            @Schema(description = "UTC, yyyy-MM-dd HH:mm:ss; now when absent.", examples = "2026-11-21 07:01:33")
            @Pattern(regexp = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d")
            String createdOn,

            @Schema(description = "The version last seen; a change of an older one is refused.") @Min(1)
            Long version) {

        boolean isNew() {
            return id == null || id.isBlank() || id.equals("0");
        }

        Ticket toTicket() {
            return new Ticket(id, description, assigned, priority, status, createdBy, created(), 1);
        }

        private Instant created() {
            if (createdOn == null) return Instant.now().truncatedTo(ChronoUnit.SECONDS);
            try {
                return LocalDateTime.parse(createdOn, TIME).toInstant(ZoneOffset.UTC);
            } catch (DateTimeParseException _) {
                throw ProblemException.invalid("createdOn", "is no date and time of the calendar");
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

    TicketResource(TicketService tickets) {
        this.tickets = tickets;
    }

    @GET
    @Operation(summary = "List tickets", description = "Newest first. A Link header leads to the next page.")
    @APIResponse(responseCode = "200", description = "One page of tickets.")
    public Uni<RestResponse<TicketList>> list(
            @Parameter(description = "Tickets per page.") @QueryParam("limit") @DefaultValue("100") @Min(1) @Max(1000)
                    int limit,
            @Context UriInfo uri,
            @Parameter(description = "From the Link header of the page before.") @QueryParam("cursor")
                    Optional<String> cursor) {
        return tickets.list(limit, cursor).map(page -> {
            var items = page.items();
            var answer = RestResponse.ResponseBuilder.ok(new TicketList(items, items.size(), items.size()));
            page.link(uri).ifPresent(link -> answer.header(HttpHeaders.LINK, link));
            return answer.build();
        });
    }

    @POST
    @Operation(
            summary = "Create or change a ticket",
            description = "Without an id a new ticket, one for each Idempotency-Key. With a known id a change.")
    @APIResponse(responseCode = "200", description = "The ticket as it is stored now.")
    public Uni<Ticket> save(
            @HeaderParam(IdempotencyKeys.HEADER) String idempotencyKey, @NotNull @Valid TicketRequest request) {
        return request.isNew()
                ? tickets.create(request.toTicket(), IdempotencyKeys.parse(idempotencyKey))
                : tickets.update(request.toTicket(), Optional.ofNullable(request.version()));
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "Read a ticket")
    @APIResponse(responseCode = "200", description = "The ticket.")
    @APIResponse(responseCode = "404", description = "There is no such ticket.")
    public Uni<Ticket> get(@PathParam("id") @Id String id) {
        return tickets.get(id);
    }
}
