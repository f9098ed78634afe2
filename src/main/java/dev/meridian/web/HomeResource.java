package dev.meridian.web;

import dev.meridian.catalog.CatalogService;
import dev.meridian.catalog.Product;
import dev.meridian.catalog.ProductOrder;
import dev.meridian.mysfit.Mysfit;
import dev.meridian.mysfit.MysfitService;
import dev.meridian.session.Anybody;
import dev.meridian.session.HtmlPage;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.RegionConfig;
import io.quarkus.logging.Log;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Anybody
@Path("/")
@Tag(name = "Store", description = "Where to begin.")
class HomeResource {
    /// The answer to programs at `/`.
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
    ///
    /// @param mysfits all of them; empty while they cannot be read
    /// @param products a few of them; empty while they cannot be read
    /// @param complete whether both could be read
    @CheckedTemplate(defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    record HomePage(List<Mysfit> mysfits, List<Product> products, boolean complete) implements TemplateInstance {}

    private static final int PRODUCTS = 6;

    private static final Map<String, String> LINKS = new java.util.TreeMap<>(Map.of(
            "mysfits", "/mysfits",
            "catalog", "/catalog/products",
            "tags", "/catalog/tags",
            "leaderboard", "/leaderboard",
            "tickets", "/ticket",
            "health", "/health",
            "topology", "/topology",
            "openapi", "/q/openapi"));

    private final MysfitService mysfits;
    private final CatalogService catalog;
    private final RegionConfig region;
    private final String version;

    HomeResource(
            MysfitService mysfits,
            CatalogService catalog,
            RegionConfig region,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.mysfits = mysfits;
        this.catalog = catalog;
        this.region = region;
        this.version = version;
    }

    @GET
    @Produces(HtmlPage.MEDIA_TYPE)
    @Operation(hidden = true)
    @HtmlPage
    public Uni<HomePage> page() {
        return Uni.combine()
                .all()
                .unis(orNothing(mysfits.list()), orNothing(catalog.list(List.of(), ProductOrder.NAME, 1, PRODUCTS)))
                .with((creatures, products) -> new HomePage(
                        creatures.orElse(List.of()),
                        products.orElse(List.of()),
                        creatures.isPresent() && products.isPresent()));
    }

    @GET
    @Path("/home")
    @Produces(HtmlPage.MEDIA_TYPE)
    @Operation(hidden = true)
    @HtmlPage
    public Uni<HomePage> home() {
        return page();
    }

    /// When a store does not answer, only its part of the page is missing.
    private static <T> Uni<Optional<T>> orNothing(Uni<T> part) {
        return part.map(Optional::of).onFailure(ProblemException.class).recoverWithItem(failure -> {
            Log.warnf("the front page lacks a part: %s", failure.getMessage());
            return Optional.empty();
        });
    }

    @GET
    @NonBlocking
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
