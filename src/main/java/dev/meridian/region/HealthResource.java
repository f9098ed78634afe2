package dev.meridian.region;

import dev.meridian.session.Anybody;
import dev.meridian.session.Callers;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

@Anybody
@Path("/health")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Region", description = "How this Region fares and what it is made of.")
class HealthResource {
    private final RegionService region;
    private final Callers callers;

    HealthResource(RegionService region, Callers callers) {
        this.region = region;
        this.callers = callers;
    }

    @GET
    @Operation(
            summary = "Deep health of this Region",
            description =
                    "Reads DynamoDB and PostgreSQL. Answers within 2 seconds whatever hangs; the answer is up to a "
                            + "second old. For whatever directs traffic: Route 53, a load balancer, a canary. What ails a store is told to "
                            + "administrators only, here and on the management port.")
    @APIResponse(
            responseCode = "200",
            description = "The Region should get traffic.",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Health.class)))
    @APIResponse(
            responseCode = "503",
            description = "The Region should get no traffic; message and checks tell why.",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Health.class)))
    public Uni<RestResponse<Health>> health() {
        boolean isAdministrator = callers.isOperator();
        return region.health()
                .map(health -> RestResponse.ResponseBuilder.create(
                                health.good() ? RestResponse.Status.OK : RestResponse.Status.SERVICE_UNAVAILABLE,
                                isAdministrator ? health : health.forStrangers())
                        .build());
    }
}
