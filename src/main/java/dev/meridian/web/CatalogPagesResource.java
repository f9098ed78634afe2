package dev.meridian.web;

import dev.meridian.catalog.CatalogService;
import dev.meridian.catalog.Product;
import dev.meridian.catalog.ProductOrder;
import dev.meridian.catalog.Tag;
import dev.meridian.session.Anybody;
import dev.meridian.session.HtmlPage;
import dev.meridian.shared.ValidId;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;

/// The pages of the catalog: all products, one tag, a search, one product.
@Anybody
@Path("/catalog")
@HtmlPage
class CatalogPagesResource {
    /// A page of products.
    ///
    /// @param tags all tags
    /// @param tag the chosen tag, or empty
    /// @param order the chosen order, or empty for the order by name
    @CheckedTemplate(defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    record CatalogPage(List<Product> products, List<Tag> tags, String tag, String order, Pagination links)
            implements TemplateInstance {}

    /// The page of a search.
    ///
    /// @param found the number of results, in words
    @CheckedTemplate(defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    record SearchPage(List<Product> products, String keyword, String found, Pagination links)
            implements TemplateInstance {}

    /// One product.
    @CheckedTemplate(defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    record ProductPage(Product product) implements TemplateInstance {}

    private static final int SEARCH_MAX = 100;

    private final CatalogService products;

    CatalogPagesResource(CatalogService products) {
        this.products = products;
    }

    @GET
    @Produces(HtmlPage.MEDIA_TYPE)
    @Operation(hidden = true)
    public Uni<CatalogPage> list(
            @QueryParam("tag") @DefaultValue("") String tag,
            @QueryParam("order") @DefaultValue("") String order,
            @QueryParam("page") @DefaultValue("1") int page,
            @QueryParam("size") @DefaultValue("6") int size) {
        var chosen = tag.isBlank() ? List.<String>of() : List.of(tag);
        var path = UriBuilder.fromPath("/catalog");
        if (!tag.isBlank()) path.queryParam("tag", "{tag}");
        if (!order.isBlank()) path.queryParam("order", "{order}");
        var parameters = java.util.Map.<String, Object>of("tag", tag, "order", order);
        return Uni.combine()
                .all()
                .unis(products.list(chosen, ProductOrder.of(order), page, size), products.tags(), products.size(chosen))
                .with((shown, tags, all) -> new CatalogPage(
                        shown,
                        tags,
                        tag,
                        order,
                        Pagination.of(
                                all,
                                page,
                                size,
                                number -> path.clone()
                                        .queryParam("page", number)
                                        .queryParam("size", size)
                                        .buildFromMap(parameters)
                                        .toString())));
    }

    @GET
    @Path("/search")
    @Produces(HtmlPage.MEDIA_TYPE)
    @Operation(hidden = true)
    public Uni<RestResponse<Object>> search(
            @QueryParam("keyword") @DefaultValue("") String keyword,
            @QueryParam("page") @DefaultValue("1") int page,
            @QueryParam("size") @DefaultValue("6") int size) {
        if (keyword.isBlank()) return Uni.createFrom().item(RestResponse.seeOther(URI.create("/catalog")));
        return products.search(keyword, 1, SEARCH_MAX).map(all -> {
            var links = Pagination.of(
                    all.size(),
                    page,
                    size,
                    number -> UriBuilder.fromPath("/catalog/search")
                            .queryParam("keyword", "{keyword}")
                            .queryParam("page", number)
                            .queryParam("size", size)
                            .build(keyword)
                            .toString());
            var shown = all.stream().skip(links.offset()).limit(size).toList();
            var found = (all.size() == SEARCH_MAX ? SEARCH_MAX + " or more" : String.valueOf(all.size()))
                    + " products found";
            return RestResponse.ok(new SearchPage(shown, keyword.strip(), found, links));
        });
    }

    @GET
    @Path("/{id}")
    @Produces(HtmlPage.MEDIA_TYPE)
    @Operation(hidden = true)
    public Uni<ProductPage> product(@PathParam("id") @ValidId String id) {
        return products.get(id).map(ProductPage::new);
    }
}
