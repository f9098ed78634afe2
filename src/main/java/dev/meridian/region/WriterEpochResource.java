package dev.meridian.region;

import dev.meridian.session.OperatorOnly;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/admin/writer-epoch")
@Produces(MediaType.APPLICATION_JSON)
@OperatorOnly
@Tag(name = "Region")
class WriterEpochResource {
    private static final long EPOCH_MAX = 1_000_000_000;
    private static final int WRITER_CHARS_MAX = 300;

    /// The request to name the writer.
    @Schema(name = "WriterEpochRequest")
    record EpochRequest(
            @Schema(examples = "7") @NotNull @Min(1) @Max(EPOCH_MAX)
            Long epoch,

            @Schema(
                    description = "A candidate as configured: host:port, or its host.",
                    examples = "meridian.cluster-EXAMPLE.us-east-1.rds.amazonaws.com")
            @NotBlank
            @Size(max = WRITER_CHARS_MAX)
            String writer) {}

    private final WriterEpochs epochs;

    WriterEpochResource(WriterEpochs epochs) {
        this.epochs = epochs;
    }

    @GET
    @Operation(
            summary = "Read the writer epoch",
            description = "For administrators. Which server is the SQL writer, as this Region's replica has it.")
    @APIResponse(responseCode = "200", description = "The epoch and the writer that it names.")
    @APIResponse(responseCode = "401", description = "The bearer token is missing or wrong.")
    @APIResponse(responseCode = "404", description = "None was set: any candidate may be the writer.")
    public Uni<WriterEpoch> current() {
        return epochs.current();
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Name the SQL writer",
            description = "For administrators, before a failover, through a Region that stays. From then on no process "
                    + "writes to another server, within 2 seconds of the epoch reaching its Region; until the named "
                    + "server takes writes, orders are answered 202. Repeating it changes nothing.")
    @APIResponse(responseCode = "200", description = "The epoch as it is now.")
    @APIResponse(
            responseCode = "400",
            description = "The epoch is no number from 1 to 1000000000, or the writer is none of the candidates.")
    @APIResponse(responseCode = "401", description = "The bearer token is missing or wrong.")
    @APIResponse(responseCode = "409", description = "A higher epoch was set already, or this one with another writer.")
    public Uni<WriterEpoch> raise(@NotNull @Valid EpochRequest request) {
        return epochs.raise(request.epoch(), request.writer());
    }
}
