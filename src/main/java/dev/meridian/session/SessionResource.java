package dev.meridian.session;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

@Anybody
@Path("/sessions")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Sessions", description = "Guests: customers whom only a session knows.")
class SessionResource {
    /// A session as its client keeps it.
    @Schema(name = "Session")
    record SessionView(
            @Schema(examples = "visitor-N1sYbYp0T6yq3gJ4mV8cXw", description = "The guest's id in paths and answers.")
            String customerId,

            @Schema(description = "Sent as Authorization: Bearer, in every Region. Who has it is this guest.")
            String token,

            @Schema(description = "Until when the token is valid. Begin again with it before then.")
            Instant expiresAt) {}

    private final Callers callers;
    private final Sessions sessions;

    SessionResource(Callers callers, Sessions sessions) {
        this.callers = callers;
        this.sessions = sessions;
    }

    /// A repeated call makes another guest, or the same one again: nothing is stored.
    @POST
    @Operation(
            summary = "Begin a session as a guest, or continue it",
            description = "A client without cookies gets a guest of its own. With a bearer that is still valid the "
                    + "guest stays the same and the time begins again. A body is not needed and not read.")
    @APIResponse(responseCode = "201", description = "The session.")
    @APIResponse(responseCode = "401", description = "The bearer is a session that has ended.")
    @APIResponse(responseCode = "503", description = "Sessions lack a setting here.")
    public Uni<RestResponse<SessionView>> begin() {
        var customer = callers.current().guest().orElseGet(sessions::newCustomer);
        var session = sessions.begin(customer);
        var view = new SessionView(customer, sessions.signed(session), sessions.end(session));
        return Uni.createFrom().item(RestResponse.status(RestResponse.Status.CREATED, view));
    }
}
