package dev.meridian.region;

import dev.meridian.session.Anybody;
import dev.meridian.session.Callers;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Anybody
@Path("/topology")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Region")
class TopologyResource {
    private final Topology topology;
    private final Callers callers;

    TopologyResource(Topology topology, Callers callers) {
        this.topology = topology;
        this.callers = callers;
    }

    @GET
    @NonBlocking
    @Operation(
            summary = "What this Region is made of",
            description =
                    "An object of strings: the Region, and for administrators the version and where its stores are, "
                            + "without credentials.")
    @APIResponse(
            responseCode = "200",
            description = "Region, version and stores.",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema =
                                    @Schema(
                                            type = org.eclipse.microprofile.openapi.annotations.enums.SchemaType.OBJECT,
                                            additionalProperties = String.class),
                            example = """
                                    {"region":"eu-west-1","version":"1.0.0","dynamodb":"dynamodb.eu-west-1.amazonaws.com",
                                     "sqlReader":"postgresql://reader.example.com:5432/meridian"}"""))
    public Map<String, String> topology() {
        return callers.isOperator() ? topology.describe() : topology.forStrangers();
    }
}
