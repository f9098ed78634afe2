package dev.meridian.mysfit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.meridian.session.Anybody;
import dev.meridian.session.Callers;
import dev.meridian.session.CustomerOnly;
import dev.meridian.shared.IdempotencyKeys;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.ValidId;
import io.smallrye.mutiny.Uni;
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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/mysfits")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Mysfits", description = "The creatures of the storefront.")
class MysfitResource {
    /// The answer to a like or an adoption.
    @Schema(name = "MysfitUpdate")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Update(
            @JsonProperty("Update") @Schema(examples = "Success")
            String update,

            @Schema(
                    description = "After a like: how many likes the mysfit has now. Absent when the like is stored but "
                            + "could not be counted.",
                    examples = "1205")
            Long likes) {

        static Update success(Long likes) {
            return new Update("Success", likes);
        }
    }

    private static final int VALUE_MAX = 100;

    private final MysfitService mysfits;
    private final Callers callers;
    private volatile MysfitList last = new MysfitList(List.of());

    MysfitResource(MysfitService mysfits, Callers callers) {
        this.mysfits = mysfits;
        this.callers = callers;
    }

    @GET
    @Anybody
    @Operation(
            summary = "List mysfits",
            description = "All, or those with one alignment. By name. A value that no mysfit has gives an empty list.")
    @APIResponse(responseCode = "200", description = "The mysfits with their likes.")
    @APIResponse(responseCode = "400", description = "There is no such filter, or it has no value.")
    public Uni<MysfitList> list(
            @Parameter(
                            description = "GoodEvil or LawChaos; empty: no filter.",
                            schema = @Schema(enumeration = {"", "GoodEvil", "LawChaos"}))
                    @QueryParam("filter")
                    String filter,
            @Parameter(
                            description = "GoodEvil: Good, Neutral, Evil. LawChaos: Lawful, Neutral, Chaotic. "
                                    + "Required with a filter.",
                            example = "Good",
                            schema = @Schema(type = SchemaType.STRING, maxLength = VALUE_MAX))
                    @QueryParam("value")
                    String value) {
        if (value != null && value.length() > VALUE_MAX) {
            throw ProblemException.invalid("value", "must not be longer than " + VALUE_MAX + " characters");
        }
        return (filter == null || filter.isEmpty() ? mysfits.list() : filtered(filter, value)).map(this::answer);
    }

    /// Requests that shared a reading of the list get the same answer.
    private MysfitList answer(List<Mysfit> found) {
        var shared = last;
        if (shared.mysfits == found) return shared;
        var answer = new MysfitList(found);
        last = answer;
        return answer;
    }

    private Uni<List<Mysfit>> filtered(String name, String value) {
        var filter = MysfitFilter.of(name)
                .orElseThrow(() -> ProblemException.invalid("filter", "must be GoodEvil or LawChaos"));
        if (value == null || value.isEmpty()) throw ProblemException.invalid("value", "must not be empty");
        return mysfits.list(filter, value);
    }

    @GET
    @Anybody
    @Path("/{id}")
    @Operation(summary = "Read a mysfit")
    @APIResponse(responseCode = "200", description = "The mysfit with its likes.")
    @APIResponse(responseCode = "404", description = "There is no such mysfit.")
    public Uni<Mysfit> get(@PathParam("id") @ValidId String id) {
        return mysfits.get(id);
    }

    @POST
    @Anybody
    @Path("/{id}/like")
    @Operation(
            summary = "Like a mysfit",
            description =
                    "Adds one like; durable when answered. A body is not needed and not read. With an Idempotency-Key "
                            + "a repeated call counts once. Without one the like may or may not be stored after a 503, and a "
                            + "repeated call may count twice.")
    @APIResponse(responseCode = "200", description = "The like is stored.")
    @APIResponse(responseCode = "404", description = "There is no such mysfit.")
    @APIResponse(responseCode = "503", description = "The store does not answer.")
    @Parameter(
            name = IdempotencyKeys.HEADER,
            in = ParameterIn.HEADER,
            description =
                    "1 to 255 visible ASCII characters. Of each Region at least the last 100 keys are remembered.")
    public Uni<Update> like(@PathParam("id") @ValidId String id, @Context HttpHeaders headers) {
        var key = IdempotencyKeys.parse(headers.getRequestHeader(IdempotencyKeys.HEADER));
        return mysfits.like(id, callers.current().key(key, "")).map(likes -> Update.success(likes.orElse(null)));
    }

    @POST
    @CustomerOnly
    @Path("/{id}/adopt")
    @Operation(
            summary = "Adopt a mysfit",
            description = "Each mysfit is adopted once, in whichever Region. Who has adopted it may ask again: the "
                    + "adopter is X-Customer-Id, else the visitor of the cookie, else who knows the Idempotency-Key. A "
                    + "body is not needed and not read.")
    @APIResponse(responseCode = "200", description = "The mysfit is adopted.")
    @APIResponse(responseCode = "404", description = "There is no such mysfit.")
    @APIResponse(responseCode = "409", description = "Another has adopted it, or nobody knows who did.")
    @APIResponse(responseCode = "503", description = "There is no SQL writer now.")
    @Parameter(name = IdempotencyKeys.HEADER, in = ParameterIn.HEADER)
    public Uni<Update> adopt(@PathParam("id") @ValidId String id, @Context HttpHeaders headers) {
        var key = IdempotencyKeys.parse(headers.getRequestHeader(IdempotencyKeys.HEADER));
        var caller = callers.current();
        return mysfits.adopt(id, caller.customerId().or(() -> caller.key(key, "")))
                .map(_ -> Update.success(null));
    }
}
