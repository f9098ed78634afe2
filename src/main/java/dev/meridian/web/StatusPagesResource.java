package dev.meridian.web;

import dev.meridian.region.Health;
import dev.meridian.region.RegionService;
import dev.meridian.shared.PageEndpoint;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;

/// How this Region fares, for operators. Shows what the Region knows of itself and invents nothing about others.
@Path("/status")
@PageEndpoint
@Produces("text/html;charset=UTF-8;qs=0.5")
class StatusPagesResource {
    /// The page.
    record status(String region, boolean isUp, String message, List<Store> stores) implements TemplateInstance {}

    /// One store.
    ///
    /// @param latencyMs how long its last answer took, milliseconds
    public record Store(String name, boolean isUp, long latencyMs, String detail) {}

    private final RegionService region;

    StatusPagesResource(RegionService region) {
        this.region = region;
    }

    @GET
    @Operation(hidden = true)
    public Uni<status> show() {
        return region.health()
                .map(health -> new status(
                        health.region(),
                        health.status() == Health.State.UP,
                        health.message(),
                        health.checks().entrySet().stream()
                                .map(check -> new Store(
                                        check.getKey(),
                                        check.getValue().state() == Health.State.UP,
                                        check.getValue().latencyMs(),
                                        check.getValue().detail() == null
                                                ? ""
                                                : check.getValue().detail()))
                                .toList()));
    }
}
