package dev.meridian.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meridian.http.EntityTags;
import dev.meridian.session.Anybody;
import dev.meridian.session.Callers;
import dev.meridian.session.CatalogOnly;
import dev.meridian.shared.IdempotencyKeys;
import dev.meridian.shared.Ids;
import dev.meridian.shared.Money;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.ValidId;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

@Path("/catalog")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Catalog", description = "Products, tags, stock and search.")
class CatalogResource {
    // No control characters and no unpaired surrogates; a description may have line breaks and tabs.
    private static final String LINE = "[^\\x00-\\x1F\\x7F-\\x9F\\uD800-\\uDFFF]*";
    private static final String TEXT = "[^\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x9F\\uD800-\\uDFFF]*";
    private static final String PICTURE = "(/(?!/)|https://)[A-Za-z0-9/._~%?=&:@,;+-]*";

    /// The request to create or replace a product.
    @Schema(name = "ProductRequest")
    record ProductRequest(
            @Schema(examples = "Wyvern Nap Hammock")
            @NotBlank
            @Size(max = 200)
            @Pattern(regexp = LINE, message = "must not have control characters")
            String name,

            @Schema(examples = "Two oaks apart, one nap long.")
            @NotNull
            @Size(max = 4000)
            @Pattern(regexp = TEXT, message = "must not have control characters")
            String description,

            @Schema(description = "In the major unit of the currency.", examples = "19.5")
            @NotNull
            @DecimalMin("0")
            @DecimalMax("1000000000")
            @Digits(integer = 10, fraction = 2)
            BigDecimal price,

            @Schema(description = "May be empty. No name twice. A tag that is new comes into being.") @NotNull
            List<@NotNull @Valid TagRequest> tags,

            @Schema(
                    implementation = Integer.class,
                    description =
                            "Units there are; null: no limit; absent: the stock of an existing product stays as it "
                                    + "is, a new one has no limit.",
                    nullable = true,
                    minimum = "0",
                    examples = "12")
            JsonNode stock,

            @Schema(
                    description = "A path on this service or an https address; absent: the picture stays as it is.",
                    examples = "/assets/products/nap-hammock.svg")
            @Size(min = 1, max = 500)
            @Pattern(regexp = PICTURE, message = "must be a path or an https address")
            String imageUrl) {

        ProductDraft toDraft(String id) {
            if (tags.stream().map(TagRequest::name).distinct().count() < tags.size()) {
                throw ProblemException.invalid("tags", "must not have a name twice");
            }
            var wanted = tags.stream()
                    .map(tag -> new dev.meridian.catalog.Tag(tag.name(), tag.displayName()))
                    .toList();
            return new ProductDraft(
                    id,
                    name,
                    description,
                    Money.ofMajor(price),
                    stock == null,
                    units(),
                    Optional.ofNullable(imageUrl),
                    wanted);
        }

        /// A node, since an absent value and null are not the same here.
        private Integer units() {
            if (stock == null || stock.isNull()) return null;
            var digits = stock.isValueNode() ? stock.asText() : "";
            if (!digits.matches("[0-9]{1,10}") || Long.parseLong(digits) > Integer.MAX_VALUE) {
                throw ProblemException.invalid("stock", "must be a whole number, 0 or more, or null");
            }
            return Integer.valueOf(digits);
        }
    }

    /// A tag in that request.
    @Schema(name = "TagRequest")
    record TagRequest(
            @Schema(examples = "potions")
            @NotNull
            @Pattern(
                    regexp = dev.meridian.catalog.Tag.NAME,
                    message = "must be 1 to 64 characters of A-Z a-z 0-9 . _ : @ -")
            String name,

            @Schema(
                    description = "What people read; renames the tag when it has another one.",
                    examples = "Potions & Balms")
            @NotBlank
            @Size(max = 100)
            @Pattern(regexp = LINE, message = "must not have control characters")
            String displayName) {}

    /// The request to change a stock.
    @Schema(name = "StockRequest")
    record StockRequest(
            @Schema(description = "Units to add; below zero to take away.", examples = "12") @NotNull
            Integer add) {}

    /// How many products there are.
    @Schema(name = "CatalogSize")
    record CatalogSize(@Schema(examples = "24") long size) {}

    static final String UNCHANGED = "It is what If-None-Match names.";
    private static final String CHANGED = "The product is not as If-Match or If-None-Match expects; nothing was done.";

    private final CatalogService catalog;
    private final Callers callers;

    CatalogResource(CatalogService catalog, Callers callers) {
        this.catalog = catalog;
        this.callers = callers;
    }

    @GET
    @Anybody
    @Path("/products")
    @Operation(summary = "List products", description = "One page; beyond the last page the list is empty.")
    @APIResponse(responseCode = "200", description = "The products of the page.")
    @APIResponse(responseCode = "304", description = UNCHANGED)
    @APIResponse(responseCode = "400", description = "page or size is not an integer or out of bounds.")
    public Uni<RestResponse<List<Product>>> list(
            @Context HttpHeaders headers,
            @Parameter(description = "Names of tags with commas between; a product must carry one of them.")
                    @QueryParam("tags")
                    List<String> tags,
            @Parameter(description = "price_asc or price_desc; anything else: by name.") @QueryParam("order")
                    String order,
            @Parameter(description = "1 or more.") @QueryParam("page") @DefaultValue("1") int page,
            @Parameter(description = "1 to 100.") @QueryParam("size") @DefaultValue("10") int size) {
        return catalog.list(names(tags), ProductOrder.of(order), page, size)
                .map(products -> EntityTags.answer(headers, etag(products), products));
    }

    @GET
    @Anybody
    @Path("/products/{id}")
    @Operation(summary = "Read a product")
    @APIResponse(responseCode = "200", description = "The product.")
    @APIResponse(responseCode = "304", description = UNCHANGED)
    @APIResponse(responseCode = "404", description = "There is no such product.")
    public Uni<RestResponse<Product>> get(@PathParam("id") @ValidId String id, @Context HttpHeaders headers) {
        return catalog.get(id).map(product -> EntityTags.answer(headers, product.etag(), product));
    }

    @GET
    @Anybody
    @Path("/size")
    @Operation(summary = "Count products")
    @APIResponse(responseCode = "200", description = "How many products there are.")
    @APIResponse(responseCode = "304", description = UNCHANGED)
    public Uni<RestResponse<CatalogSize>> size(
            @Context HttpHeaders headers,
            @Parameter(description = "As in the list.") @QueryParam("tags") List<String> tags) {
        return catalog.size(names(tags))
                .map(size ->
                        EntityTags.answer(headers, Ids.derive("size", Long.toString(size)), new CatalogSize(size)));
    }

    @GET
    @Anybody
    @Path("/tags")
    @Operation(summary = "List tags", description = "All tags, by display name.")
    @APIResponse(responseCode = "200", description = "The tags.")
    @APIResponse(responseCode = "304", description = UNCHANGED)
    public Uni<RestResponse<List<dev.meridian.catalog.Tag>>> tags(@Context HttpHeaders headers) {
        return catalog.tags().map(tags -> {
            var names = tags.stream().flatMap(tag -> Stream.of(tag.name(), tag.displayName()));
            return EntityTags.answer(headers, Ids.derive(names.toArray(String[]::new)), tags);
        });
    }

    @GET
    @Anybody
    @Path("/search")
    @Operation(
            summary = "Search products",
            description = "By name, which counts double, description and tags, the best hit first. A mistyped word "
                    + "still finds what is most like it. There is no query language: quotes and signs mean nothing.")
    @APIResponse(responseCode = "200", description = "The products of the page.")
    @APIResponse(responseCode = "304", description = UNCHANGED)
    @APIResponse(responseCode = "400", description = "The keyword is missing, too long or has control characters.")
    public Uni<RestResponse<List<Product>>> search(
            @Context HttpHeaders headers,
            @Parameter(description = "1 to 100 characters.", required = true) @QueryParam("keyword") String keyword,
            @Parameter(description = "1 or more.") @QueryParam("page") @DefaultValue("1") int page,
            @Parameter(description = "1 to 100.") @QueryParam("size") @DefaultValue("10") int size) {
        return catalog.search(keyword, page, size)
                .map(products -> EntityTags.answer(headers, etag(products), products));
    }

    @PUT
    @Path("/products/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @CatalogOnly
    @Operation(
            summary = "Create or replace a product",
            description =
                    "For administrators. The whole product is as the request says; only stock and imageUrl stay as "
                            + "they are when they are absent. A stock in the request replaces what sales have left: send the ETag "
                            + "that was read as If-Match with it.")
    @APIResponse(responseCode = "200", description = "The product was replaced.")
    @APIResponse(responseCode = "201", description = "The product is new.")
    @APIResponse(responseCode = "400", description = "The fields at fault are named.")
    @APIResponse(responseCode = "401", description = "The bearer token is missing or wrong.")
    @APIResponse(responseCode = "412", description = CHANGED)
    @Parameter(
            name = HttpHeaders.IF_NONE_MATCH,
            in = ParameterIn.HEADER,
            description = "*: the product must be new.",
            schema = @Schema(type = SchemaType.STRING, enumeration = "*"))
    public Uni<RestResponse<Product>> put(
            @PathParam("id") @ValidId String id, @Context HttpHeaders headers, @NotNull @Valid ProductRequest request) {
        return catalog.put(request.toDraft(id), expected(headers)).map(saved -> {
            var answer = ResponseBuilder.create(
                            saved.created() ? RestResponse.Status.CREATED : RestResponse.Status.OK, saved.product())
                    .header(HttpHeaders.ETAG, EntityTags.quoted(saved.product().etag()));
            if (saved.created()) answer.header(HttpHeaders.LOCATION, "/catalog/products/" + id);
            return answer.build();
        });
    }

    @PATCH
    @Path("/products/{id}/stock")
    @Consumes(MediaType.APPLICATION_JSON)
    @CatalogOnly
    @Operation(
            summary = "Restock a product",
            description = "For administrators. A product without a limit stays without one. With an Idempotency-Key "
                    + "a repeated request of the same caller adds nothing again. Who repeats a change by hand, under another key, sends the "
                    + "ETag that was read before the first try as If-Match: then it is not done twice.")
    @APIResponse(responseCode = "200", description = "The product as it is now.")
    @APIResponse(responseCode = "400", description = "add is missing or no integer.")
    @APIResponse(responseCode = "401", description = "The bearer token is missing or wrong.")
    @APIResponse(responseCode = "404", description = "There is no such product.")
    @APIResponse(responseCode = "409", description = "The stock would be below zero or beyond its largest value.")
    @APIResponse(responseCode = "412", description = CHANGED)
    @APIResponse(responseCode = "422", description = "The Idempotency-Key came before, with another number.")
    @Parameter(name = IdempotencyKeys.HEADER, in = ParameterIn.HEADER)
    public Uni<RestResponse<Product>> restock(
            @PathParam("id") @ValidId String id, @Context HttpHeaders headers, @NotNull @Valid StockRequest request) {
        // Of a caller that names itself; one that does not has the key as it is, as in all versions.
        var key = IdempotencyKeys.parse(headers.getRequestHeader(IdempotencyKeys.HEADER))
                .map(given -> callers.current()
                        .customerId()
                        .map(caller -> Ids.derive("restock", caller, given))
                        .orElse(given));
        return catalog.addStock(id, request.add(), key, expected(headers))
                .map(product -> ResponseBuilder.ok(product)
                        .header(HttpHeaders.ETAG, EntityTags.quoted(product.etag()))
                        .build());
    }

    private static Precondition expected(HttpHeaders headers) {
        return new Precondition(EntityTags.ifMatch(headers), EntityTags.mustBeNew(headers));
    }

    /// The entity tag of a list.
    static String etag(List<Product> products) {
        return Ids.derive(products.stream().map(Product::etag).toArray(String[]::new));
    }

    static List<String> names(List<String> parameters) {
        return parameters.stream()
                .flatMap(parameter -> Arrays.stream(parameter.split(",")))
                .toList();
    }
}
