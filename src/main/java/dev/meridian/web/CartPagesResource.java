package dev.meridian.web;

import dev.meridian.cart.CartItem;
import dev.meridian.cart.CartService;
import dev.meridian.catalog.CatalogService;
import dev.meridian.catalog.PricedProduct;
import dev.meridian.session.HtmlPage;
import dev.meridian.session.Visitor;
import dev.meridian.shared.Ids;
import dev.meridian.shared.Money;
import dev.meridian.shared.ProblemException;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;

/// The visitor's cart.
@Path("/cart")
@HtmlPage
@Produces(HtmlPage.MEDIA_TYPE)
class CartPagesResource {
    /// The cart.
    ///
    /// @param pricesNow whether the catalog could be read; if not, lines have no names
    @CheckedTemplate(defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    record CartPage(List<Line> lines, Money subtotal, boolean pricesNow) implements TemplateInstance {}

    /// One line.
    public record Line(String productId, String name, int quantity, Money unitPrice, Money total) {
        static Line of(CartItem item, Map<String, PricedProduct> products) {
            var product = products.get(item.itemId());
            return new Line(
                    item.itemId(),
                    product == null ? item.itemId() : product.name(),
                    item.quantity(),
                    item.unitPrice(),
                    item.unitPrice().times(item.quantity()));
        }
    }

    private static final String QUANTITY = "[0-9]{1,6}";

    private final CartService carts;
    private final CatalogService catalog;
    private final Visitor visitor;

    CartPagesResource(CartService carts, CatalogService catalog, Visitor visitor) {
        this.carts = carts;
        this.catalog = catalog;
        this.visitor = visitor;
    }

    @GET
    @Operation(hidden = true)
    public Uni<CartPage> show() {
        if (!visitor.isKnown()) return Uni.createFrom().item(new CartPage(List.of(), Money.ZERO, true));
        return carts.list(visitor.customerId(), Optional.empty(), Optional.empty())
                .chain(page -> named(page.items()));
    }

    /// Works even while PostgreSQL is unavailable: the lines then show product ids.
    private Uni<CartPage> named(List<CartItem> items) {
        var ids = items.stream().map(CartItem::itemId).collect(Collectors.toSet());
        var products = ids.isEmpty()
                ? Uni.createFrom().item(Optional.of(Map.<String, PricedProduct>of()))
                : catalog.prices(ids)
                        .map(Optional::of)
                        .onFailure(ProblemException.class)
                        .recoverWithItem(Optional.empty());
        return products.map(found -> {
            var lines = items.stream()
                    .map(item -> Line.of(item, found.orElse(Map.of())))
                    .toList();
            var subtotal = lines.stream().map(Line::total).reduce(Money.ZERO, Money::plus);
            return new CartPage(lines, subtotal, found.isPresent());
        });
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> add(MultivaluedMap<String, String> sent) {
        var form = PageForm.sent(sent, List.of("productId", "quantity"));
        return carts.add(visitor.customerId(), productId(form), quantity(form), Optional.empty())
                .map(_ -> toCart());
    }

    @POST
    @Path("/quantity")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> set(MultivaluedMap<String, String> sent) {
        var form = PageForm.sent(sent, List.of("productId", "quantity"));
        return carts.set(visitor.customerId(), productId(form), quantity(form)).map(_ -> toCart());
    }

    private static int quantity(PageForm form) {
        var quantity = form.value("quantity").isEmpty() ? "1" : form.value("quantity");
        if (!quantity.matches(QUANTITY)) throw ProblemException.invalid("quantity", "must be a whole number");
        return Integer.parseInt(quantity);
    }

    @POST
    @Path("/remove")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> remove(MultivaluedMap<String, String> sent) {
        var form = PageForm.sent(sent, List.of("productId"));
        return carts.remove(visitor.customerId(), productId(form)).map(_ -> toCart());
    }

    private static String productId(PageForm form) {
        var id = form.value("productId");
        if (!id.matches(Ids.PATTERN)) throw ProblemException.invalid("productId", "must name a product");
        return id;
    }

    private static RestResponse<String> toCart() {
        return RestResponse.seeOther(URI.create("/cart"));
    }
}
