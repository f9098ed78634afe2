package dev.meridian.web;

import dev.meridian.session.Anybody;
import dev.meridian.session.Callers;
import dev.meridian.session.HtmlPage;
import dev.meridian.session.SupportOnly;
import dev.meridian.shared.IdempotencyKeys;
import dev.meridian.shared.Ids;
import dev.meridian.shared.Page;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.ValidId;
import dev.meridian.ticket.Ticket;
import dev.meridian.ticket.Ticket.Priority;
import dev.meridian.ticket.Ticket.Status;
import dev.meridian.ticket.TicketService;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;

/// Support tickets: list, create, change state.
@Path("/tickets")
@HtmlPage
@Produces(HtmlPage.MEDIA_TYPE)
class TicketPagesResource {
    /// The page.
    ///
    /// @param next the address of the next page; empty on the last
    /// @param cursor of this page; empty on the first
    @CheckedTemplate(defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    record TicketsPage(
            List<Row> rows, String next, String cursor, PageForm form, List<String> priorities, List<String> statuses)
            implements TemplateInstance {}

    /// One ticket in the list.
    public record Row(
            String id,
            String description,
            String assigned,
            String priority,
            String status,
            String by,
            long version,
            String date) {
        static Row of(Ticket t) {
            return new Row(
                    t.id(),
                    t.description(),
                    t.assigned(),
                    t.priority().value(),
                    t.status().value(),
                    t.createdBy(),
                    t.version(),
                    DATE.format(t.createdOn()));
        }
    }

    private static final int ROWS = 20;
    private static final List<String> FIELDS = List.of("description", "priority", "createdBy", "key");
    private static final List<String> PRIORITIES =
            java.util.Arrays.stream(Priority.values()).map(Priority::value).toList();
    private static final List<String> STATUSES =
            java.util.Arrays.stream(Status.values()).map(Status::value).toList();
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final TicketService tickets;
    private final Callers callers;

    TicketPagesResource(TicketService tickets, Callers callers) {
        this.tickets = tickets;
        this.callers = callers;
    }

    @GET
    @Anybody
    @Operation(hidden = true)
    public Uni<TicketsPage> list(@QueryParam("cursor") Optional<String> cursor) {
        return page(cursor, PageForm.of(Map.of("key", Ids.ulid(), "priority", "medium")));
    }

    private Uni<TicketsPage> page(Optional<String> cursor, PageForm form) {
        // Who is not support writes a ticket and does not see those of others.
        var found = callers.isSupport()
                ? tickets.list(ROWS, cursor)
                : Uni.createFrom().item(new Page<Ticket>(List.of(), Optional.empty()));
        return found.map(page -> new TicketsPage(
                page.items().stream().map(Row::of).toList(),
                page.next().map(TicketPagesResource::address).orElse(""),
                cursor.orElse(""),
                form,
                PRIORITIES,
                STATUSES));
    }

    @POST
    @Anybody
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<Object>> create(@Context HttpHeaders headers, MultivaluedMap<String, String> sent) {
        var form = PageForm.sent(sent, FIELDS);
        if (!PRIORITIES.contains(form.value("priority"))) form.reject("priority", "Choose one of the list");
        if (form.value("createdBy").isEmpty()) form.reject("createdBy", "Your name is required");
        form.require("description", "(?s).{10,2000}", "10 to 2,000 characters, please");
        if (form.isWrong()) return refused(form);
        var caller = callers.current();
        var key = caller.key(form.given("key").map(IdempotencyKeys::parse), form.value("createdBy"));
        var draft = new Ticket(
                "",
                form.value("description"),
                "",
                priority(form.value("priority")),
                Status.OPEN,
                form.value("createdBy"),
                null,
                0);
        return Uni.createFrom()
                .deferred(() -> tickets.create(draft, key, caller.noted()))
                .<RestResponse<Object>>map(ticket -> backTo("", ticket.id()))
                .onFailure(PageForm::isAboutFields)
                .recoverWithUni(failure -> refused(form.with((ProblemException) failure)));
    }

    private Uni<RestResponse<Object>> refused(PageForm form) {
        return page(Optional.empty(), form).map(page -> RestResponse.status(RestResponse.Status.BAD_REQUEST, page));
    }

    /// Changes state and assignee of the version that the page showed; 409 when another change came first.
    @POST
    @SupportOnly
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<Object>> change(@PathParam("id") @ValidId String id, MultivaluedMap<String, String> sent) {
        var form = PageForm.sent(sent, List.of("status", "assigned", "version", "cursor"));
        if (!STATUSES.contains(form.value("status")))
            throw ProblemException.invalid("status", "must be one of the list");
        if (!form.value("version").matches("[0-9]{1,15}"))
            throw ProblemException.invalid("version", "must be a number");
        return tickets.get(id)
                .chain(known -> tickets.update(
                        new Ticket(
                                id,
                                known.description(),
                                form.value("assigned"),
                                known.priority(),
                                Status.valueOf(form.value("status").toUpperCase(Locale.ROOT)),
                                known.createdBy(),
                                known.createdOn(),
                                known.version()),
                        Optional.of(Long.parseLong(form.value("version")))))
                .map(ticket -> backTo(form.value("cursor"), ticket.id()));
    }

    private static Priority priority(String value) {
        return Priority.valueOf(value.toUpperCase(Locale.ROOT));
    }

    /// @param cursor of the page that showed the ticket; empty for the first
    private static RestResponse<Object> backTo(String cursor, String id) {
        return RestResponse.seeOther(URI.create((cursor.isEmpty() ? "/tickets" : address(cursor)) + "#ticket-" + id));
    }

    private static String address(String cursor) {
        return "/tickets?cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
    }
}
