package dev.meridian.catalog;

import dev.meridian.catalog.CatalogResource.CatalogSize;
import dev.meridian.http.EntityTags;
import dev.meridian.session.Anybody;
import dev.meridian.shared.Money;
import dev.meridian.shared.ValidId;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

@Anybody
@Path("/catalogue")
@Produces(MediaType.APPLICATION_JSON)
@org.eclipse.microprofile.openapi.annotations.tags.Tag(
        name = "Catalogue",
        description = "The catalog under the paths and in the form of its older clients.")
class LegacyCatalogueResource {
    /// A product as the older clients read it.
    ///
    /// @param count the stock; without a limit the largest 32-bit integer, which no real stock reaches
    /// @param tag names of tags
    @Schema(name = "CatalogueProduct")
    record CatalogueProduct(
            @Schema(examples = "nap-hammock") String id,
            @Schema(examples = "Wyvern Nap Hammock") String name,

            @Schema(examples = "Two oaks apart, one nap long.")
            String description,

            @Schema(examples = "/assets/products/nap-hammock.svg")
            String imageUrl,

            @Schema(type = SchemaType.NUMBER, implementation = Object.class, examples = "19.5")
            Money price,

            @Schema(description = "Units left; 2147483647: no limit.", examples = "12")
            int count,

            @Schema(description = "Names of tags.", examples = "[\"comfort\"]")
            List<String> tag) {
        static CatalogueProduct of(Product product) {
            return new CatalogueProduct(
                    product.id(),
                    product.name(),
                    product.description(),
                    product.imageUrl(),
                    product.price(),
                    product.stock() == null ? Integer.MAX_VALUE : product.stock(),
                    product.tags().stream().map(Tag::name).toList());
        }
    }

    private final CatalogService catalog;
    private final CatalogResource products;

    LegacyCatalogueResource(CatalogService catalog, CatalogResource products) {
        this.catalog = catalog;
        this.products = products;
    }

    @GET
    @Operation(
            operationId = "catalogueList",
            summary = "List products, older form",
            description = "As /catalog/products.")
    @APIResponse(responseCode = "200", description = "The products of the page.")
    @APIResponse(responseCode = "304", description = CatalogResource.UNCHANGED)
    @APIResponse(responseCode = "400", description = "page or size is not an integer or out of bounds.")
    public Uni<RestResponse<List<CatalogueProduct>>> list(
            @Context HttpHeaders headers,
            @Parameter(description = "Names of tags with commas between; a product must carry one of them.")
                    @QueryParam("tags")
                    List<String> tags,
            @Parameter(description = "price_asc or price_desc; anything else: by name.") @QueryParam("order")
                    String order,
            @Parameter(description = "1 or more.") @QueryParam("page") @DefaultValue("1") int page,
            @Parameter(description = "1 to 100.") @QueryParam("size") @DefaultValue("10") int size) {
        return catalog.list(CatalogResource.names(tags), ProductOrder.of(order), page, size)
                .map(found -> EntityTags.answer(
                        headers,
                        CatalogResource.etag(found),
                        found.stream().map(CatalogueProduct::of).toList()));
    }

    @GET
    @Path("/size")
    @Operation(operationId = "catalogueSize", summary = "Count products, older path")
    @APIResponse(responseCode = "200", description = "How many products there are.")
    @APIResponse(responseCode = "304", description = CatalogResource.UNCHANGED)
    public Uni<RestResponse<CatalogSize>> size(
            @Context HttpHeaders headers,
            @Parameter(description = "As in the list.") @QueryParam("tags") List<String> tags) {
        return products.size(headers, tags);
    }

    @GET
    @Path("/tags")
    @Operation(operationId = "catalogueTags", summary = "List tags, older path")
    @APIResponse(responseCode = "200", description = "The tags, by display name.")
    @APIResponse(responseCode = "304", description = CatalogResource.UNCHANGED)
    public Uni<RestResponse<List<Tag>>> tags(@Context HttpHeaders headers) {
        return products.tags(headers);
    }

    @GET
    @Path("/product/{id}")
    @Operation(operationId = "catalogueGet", summary = "Read a product, older form")
    @APIResponse(responseCode = "200", description = "The product.")
    @APIResponse(responseCode = "304", description = CatalogResource.UNCHANGED)
    @APIResponse(responseCode = "404", description = "There is no such product.")
    public Uni<RestResponse<CatalogueProduct>> get(@PathParam("id") @ValidId String id, @Context HttpHeaders headers) {
        return catalog.get(id).map(product -> EntityTags.answer(headers, product.etag(), CatalogueProduct.of(product)));
    }
}
