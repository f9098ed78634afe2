package dev.meridian.region;

import dev.meridian.session.OperatorOnly;
import dev.meridian.shared.ValidId;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/admin/regions")
@Produces(MediaType.APPLICATION_JSON)
@OperatorOnly
@Tag(name = "Region")
class RegionAdminResource {
    /// The request to set a drain state.
    @Schema(name = "RegionSwitchRequest")
    record SwitchRequest(@NotNull DrainState.State state) {}

    private final RegionService regions;

    RegionAdminResource(RegionService regions) {
        this.regions = regions;
    }

    @GET
    @Operation(
            summary = "List the switches of the Regions",
            description = "For administrators. Regions that were drained or made active at some time.")
    @APIResponse(responseCode = "200", description = "The switches, by name of the Region.")
    @APIResponse(responseCode = "401", description = "The bearer token is missing or wrong.")
    public Uni<List<DrainState>> list() {
        return regions.switches();
    }

    @PUT
    @Path("/{region}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Drain a Region, or make it active again",
            description = "For administrators, through any Region. /health of a drained Region answers 503, within 2 "
                    + "seconds of the switch reaching it; requests are still served. Repeating it changes nothing.")
    @APIResponse(responseCode = "200", description = "The switch as it is now.")
    @APIResponse(responseCode = "400", description = "The state is neither ACTIVE nor DRAINED.")
    @APIResponse(responseCode = "401", description = "The bearer token is missing or wrong.")
    @APIResponse(responseCode = "404", description = "No such Region is known: it never sent a heartbeat.")
    public Uni<DrainState> set(
            @Parameter(example = "eu-west-1") @PathParam("region") @ValidId String region,
            @Parameter(description = "Sets the state of a Region that is not known.")
                    @QueryParam("force")
                    @DefaultValue("false")
                    boolean force,
            @NotNull @Valid SwitchRequest request) {
        return regions.set(region, request.state(), force);
    }
}
