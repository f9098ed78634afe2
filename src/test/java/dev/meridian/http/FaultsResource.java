package dev.meridian.http;

import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.Uni;
import io.vertx.pgclient.PgException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import org.eclipse.microprofile.openapi.annotations.Operation;

/// Fails in every way that a bug can, in tests only.
@Path("/test-faults")
@Produces("application/json")
public class FaultsResource {
    /// A text that no client may see.
    static final String SECRET = "SELECT secret FROM orders";

    /// A value that cannot be serialized.
    public static class Unwritable {
        public String getValue() {
            throw new IllegalStateException(SECRET);
        }
    }

    @GET
    @Path("/{kind}")
    @Operation(hidden = true)
    public Uni<Object> fail(@PathParam("kind") String kind) {
        return switch (kind) {
            case "throw" -> throw new IllegalStateException(SECRET);
            case "error" -> throw new StackOverflowError(SECRET);
            case "uni" -> Uni.createFrom().failure(new IllegalArgumentException(SECRET));
            case "sql" -> Uni.createFrom().failure(new PgException(SECRET, "ERROR", "42601", SECRET));
            case "unwritable" -> Uni.createFrom().item(new Unwritable());
            case "null" -> Uni.createFrom().nullItem().map(Object::toString);
            case "store" ->
                Uni.createFrom()
                        .failure(ProblemException.unavailable("A store is away.", new IllegalStateException(SECRET)));
            default -> Uni.createFrom().item(kind);
        };
    }
}
