package dev.meridian.scoreimport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.http.HttpConfig;
import dev.meridian.scoreimport.ScoreImport.CsvFile;
import dev.meridian.session.Administrators;
import dev.meridian.session.Callers;
import dev.meridian.session.OperatorOnly;
import dev.meridian.shared.IdempotencyKeys;
import dev.meridian.shared.Problem;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.MultiHelper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// The import over HTTP. The body is read as a stream, never as a whole.
@Path("/leaderboard/import")
@OperatorOnly
@Tag(name = "Leaderboard")
class ImportResource {
    private static final String CSV = "text/csv";
    private static final String NDJSON = "application/x-ndjson";

    private final ScoreImport imports;
    private final Callers callers;
    private final ObjectMapper json;
    private final long bytesMax;

    ImportResource(ScoreImport imports, Callers callers, ObjectMapper json, HttpConfig http) {
        this.imports = imports;
        this.callers = callers;
        this.bytesMax = http.csvSizeMax().asLongValue();
        this.json = json;
    }

    @POST
    @Consumes(CSV)
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Import scores",
            description =
                    "RFC 4180, streamed. The first line names the columns, in any order; others than player, country, score and playedAt are ignored. Fields are separated by commas, semicolons or tabs. UTF-8 or UTF-16 by its byte order mark, unless the content type says Windows-1252 or ISO-8859-1. A whole score may be written as 100.0 or 1E+6. With an Idempotency-Key of its caller (X-Customer-Id, else the visitor's cookie, else the administrator) the same rows are one import, however "
                            + "often they are sent; without one each sending makes new scores. Admin. With `Accept: "
                            + "application/x-ndjson` the answer is a line `row: 100 in 0.21` for each hundred rows (the "
                            + "seconds they took) and then one line with the result, or with the problem, in JSON.")
    @RequestBody(
            description = "`playedAt` (ISO-8601) may be left out, or empty: now.",
            content =
                    @Content(
                            mediaType = CSV,
                            schema = @Schema(type = SchemaType.STRING),
                            example = "player,country,score,playedAt\nquiet-falcon,NL,981250,2026-11-21T07:01:33Z\n"))
    @APIResponse(
            responseCode = "200",
            description = "What was imported; lines that are wrong are left out and listed.",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = ImportResult.class)))
    @APIResponse(responseCode = "400", description = "The header line is wrong.")
    @APIResponse(responseCode = "401", description = "The bearer token is missing or wrong.")
    @APIResponse(responseCode = "413", description = "Too many bytes or rows; a part of them may be imported.")
    @APIResponse(responseCode = "415", description = "Not text/csv, or in another charset.")
    @APIResponse(
            responseCode = "429",
            description = "Too many imports are running, or the caller has used up a quota; see Retry-After.")
    @Parameter(name = IdempotencyKeys.HEADER, in = ParameterIn.HEADER)
    public Uni<ImportResult> importScores(
            @Context HttpHeaders headers, @Context ContainerRequestContext call, @Context HttpServerRequest request) {
        // A request that accepts neither representation of this path comes here.
        if (!acceptsJson(headers)) throw new NotAcceptableException();
        return read(headers, call, request, _ -> {});
    }

    @POST
    @Consumes(CSV)
    @Produces(NDJSON)
    @Operation(hidden = true)
    public Multi<Buffer> importWithProgress(
            @Context HttpHeaders headers, @Context ContainerRequestContext call, @Context HttpServerRequest request) {
        return Multi.createFrom().emitter(lines -> {
            var begun = new AtomicBoolean();
            var subscription = read(headers, call, request, line -> {
                        begun.set(true);
                        lines.emit(Buffer.buffer(line));
                    })
                    .subscribe()
                    .with(
                            result -> {
                                lines.emit(line(result));
                                lines.complete();
                            },
                            failure -> {
                                // The status is sent with the first line. A later problem becomes the last line.
                                if (begun.get() && failure instanceof ProblemException problem) {
                                    lines.emit(line(Problem.of(problem)));
                                    lines.complete();
                                } else {
                                    lines.fail(failure);
                                }
                            });
            lines.onTermination(subscription::cancel);
        });
    }

    private static boolean acceptsJson(HttpHeaders headers) {
        try {
            return headers.getAcceptableMediaTypes().stream().anyMatch(MediaType.APPLICATION_JSON_TYPE::isCompatible);
        } catch (IllegalArgumentException _) {
            // The header is not a valid media type.
            return false;
        }
    }

    private Uni<ImportResult> read(
            HttpHeaders headers, ContainerRequestContext call, HttpServerRequest request, Consumer<String> progress) {
        var sent = IdempotencyKeys.parse(headers.getRequestHeader(IdempotencyKeys.HEADER));
        var key = callers.current().key(sent, Administrators.name(call));
        var type = headers.getMediaType();
        var charset = type == null ? null : type.getParameters().get(MediaType.CHARSET_PARAMETER);
        var encoding = CsvEncoding.named(charset).orElseThrow(NotSupportedException::new);
        var pieces = MultiHelper.toMulti(request).map(Buffer::getBytes).invoke(bounded());
        var file = new CsvFile(pieces, encoding);
        return imports.run(file, key, progress)
                // The rest of the body is not used, but must be read before the connection can be used again.
                .onFailure()
                .invoke(request::resume);
    }

    /// Counts the bytes that arrive: a body need not declare its length.
    private Consumer<byte[]> bounded() {
        var bytes = new AtomicLong();
        return piece -> {
            if (bytes.addAndGet(piece.length) > bytesMax) {
                throw new ProblemException(
                        SharedProblem.CONTENT_TOO_LARGE,
                        "More than " + bytesMax + " bytes; a part of the rows is imported.");
            }
        };
    }

    private Buffer line(Object value) {
        try {
            return Buffer.buffer(json.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of ours is no JSON", e);
        }
    }
}
