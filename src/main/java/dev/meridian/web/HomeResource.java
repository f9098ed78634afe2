package dev.meridian.web;

import dev.meridian.shared.RegionConfig;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/")
@Tag(name = "Store", description = "Where to begin.")
class HomeResource {
    /// What a program finds at the front door.
    ///
    /// @param name always `Meridian`
    /// @param version of the service
    /// @param region that answered
    /// @param links the first path of each API
    @Schema(name = "Store")
    record Store(
            @Schema(examples = "Meridian") String name,
            @Schema(examples = "1.0.0") String version,
            @Schema(examples = "eu-west-1") String region,
            Map<String, String> links) {}

    /// The front page.
    record home(String region, String version, Map<String, String> links) implements TemplateInstance {}

    private static final Map<String, String> LINKS = new java.util.TreeMap<>(Map.of(
            "mysfits", "/mysfits",
            "catalog", "/catalog/products",
            "tags", "/catalog/tags",
            "leaderboard", "/leaderboard",
            "tickets", "/ticket",
            "health", "/health",
            "topology", "/topology",
            "openapi", "/q/openapi"));

    private final RegionConfig region;
    private final String version;

    HomeResource(RegionConfig region, @ConfigProperty(name = "quarkus.application.version") String version) {
        this.region = region;
        this.version = version;
    }

    @GET
    @Produces(MediaType.TEXT_HTML + ";qs=0.5")
    @Operation(hidden = true)
    public TemplateInstance page() {
        return new home(region.name(), version, LINKS);
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "store",
            summary = "The front door",
            description = "Browsers (Accept: text/html) get the store front, anything else this.")
    @APIResponse(responseCode = "200", description = "Name, version, Region and where the APIs begin.")
    public Store store() {
        return new Store("Meridian", version, region.name(), LINKS);
    }
}
