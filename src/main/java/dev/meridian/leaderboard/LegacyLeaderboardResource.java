package dev.meridian.leaderboard;

import dev.meridian.leaderboard.LeaderboardResource.ScoreRequest;
import dev.meridian.leaderboard.LeaderboardResource.TopList;
import dev.meridian.session.Anybody;
import dev.meridian.session.CustomerOnly;
import dev.meridian.shared.IdempotencyKeys;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/// The path that older leaderboard clients are configured with.
@Path("/LATEST/builder")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Leaderboard")
class LegacyLeaderboardResource {
    private final LeaderboardResource leaderboard;

    LegacyLeaderboardResource(LeaderboardResource leaderboard) {
        this.leaderboard = leaderboard;
    }

    @GET
    @Anybody
    @Operation(
            operationId = "builderTop",
            summary = "Read a top list (older path)",
            description = "The same as GET /leaderboard.")
    @APIResponse(responseCode = "200", description = "The best scores, best first.")
    @APIResponse(responseCode = "400", description = "A wrong country or limit.")
    public Uni<TopList> top(
            @Parameter(description = "ISO 3166-1 alpha-2; absent or empty: worldwide.", example = "NL")
                    @QueryParam("country")
                    Optional<String> country,
            @Parameter(
                            description = "Scores in the answer, 1 to 100.",
                            schema = @Schema(minimum = "1", maximum = "100", defaultValue = "10"))
                    @QueryParam("limit")
                    @DefaultValue("10")
                    int limit) {
        return leaderboard.top(country, limit);
    }

    @POST
    @CustomerOnly
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "builderSubmit",
            summary = "Submit a score (older path)",
            description = "The same as POST /leaderboard.")
    @APIResponse(responseCode = "201", description = "The score as it is stored.")
    @APIResponse(responseCode = "400", description = "A wrong value; `errors` names the field.")
    @APIResponse(responseCode = "422", description = "The caller used the key for another score of this player.")
    @Parameter(name = IdempotencyKeys.HEADER, in = ParameterIn.HEADER)
    public Uni<RestResponse<Score>> submit(@Context HttpHeaders headers, @NotNull @Valid ScoreRequest request) {
        return leaderboard.submit(headers, request);
    }
}
