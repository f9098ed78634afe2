package dev.meridian.web;

import dev.meridian.cart.CartItem;
import dev.meridian.cart.CartService;
import dev.meridian.catalog.CatalogService;
import dev.meridian.catalog.PricedProduct;
import dev.meridian.checkout.Checkout;
import dev.meridian.checkout.CheckoutService;
import dev.meridian.session.HtmlPage;
import dev.meridian.session.OwnerOnly;
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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;

/// The visitor's cart, at the prices of today.
@OwnerOnly
@Path("/cart")
@HtmlPage
@Produces(HtmlPage.MEDIA_TYPE)
class CartPagesResource {
    /// The cart.
    ///
    /// @param pricesNow whether the catalog could be read; if not, lines have no names, and the prices of the day
    ///     they were last changed
    /// @param isHeld whether the visitor's checkout has another price for a line, and it still holds
    @CheckedTemplate(defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    record CartPage(List<Line> lines, String subtotal, boolean pricesNow, boolean isHeld) implements TemplateInstance {}

    /// One line.
    ///
    /// @param held the other price that the visitor's checkout holds; empty when it holds none
    public record Line(String productId, String name, int quantity, String unitPrice, String total, String held) {
        static Line of(CartItem item, Map<String, PricedProduct> products, Map<String, Money> held) {
            var product = products.get(item.itemId());
            return new Line(
                    item.itemId(),
                    product == null ? item.itemId() : product.name(),
                    item.quantity(),
                    MoneyText.text(item.unitPrice()),
                    MoneyText.sum(List.of(item)),
                    Optional.ofNullable(held.get(item.itemId()))
                            .filter(price -> product != null && !price.equals(item.unitPrice()))
                            .map(MoneyText::text)
                            .orElse(""));
        }
    }

    private static final String QUANTITY = "[0-9]{1,6}";

    private final CartService carts;
    private final CatalogService catalog;
    private final CheckoutService checkouts;
    private final Visitor visitor;

    CartPagesResource(CartService carts, CatalogService catalog, CheckoutService checkouts, Visitor visitor) {
        this.carts = carts;
        this.catalog = catalog;
        this.checkouts = checkouts;
        this.visitor = visitor;
    }

    @GET
    @Operation(hidden = true)
    public Uni<CartPage> show() {
        if (!visitor.isKnown()) return Uni.createFrom().item(page(List.of(), Optional.of(Map.of()), Map.of()));
        var customer = visitor.customerId();
        return Uni.combine()
                .all()
                .unis(carts.list(customer, Optional.empty(), Optional.empty()), held(customer))
                .asTuple()
                .chain(found -> priced(found.getItem1().items(), found.getItem2()));
    }

    /// The prices that hold in the checkout that the visitor has begun, by product.
    private Uni<Map<String, Money>> held(String customer) {
        return DeliveryPagesResource.begun(checkouts, customer)
                .map(found -> found
                        .filter(checkout -> !checkout.cartEmptied() && checkout.isHeldAt(Instant.now()))
                        .map(Checkout::lines)
                        .orElse(List.of())
                        .stream()
                        .collect(Collectors.toMap(Checkout.Line::productId, Checkout.Line::price)))
                .onFailure(ProblemException.class)
                .recoverWithItem(Map.of());
    }

    /// Works even while PostgreSQL is unavailable: the lines then show product ids.
    private Uni<CartPage> priced(List<CartItem> items, Map<String, Money> held) {
        var ids = items.stream().map(CartItem::itemId).collect(Collectors.toSet());
        if (ids.isEmpty()) return Uni.createFrom().item(page(items, Optional.of(Map.of()), held));
        return catalog.prices(ids)
                .map(Optional::of)
                .onFailure(ProblemException.class)
                .recoverWithItem(Optional.empty())
                .map(products -> page(items, products, held));
    }

    private static CartPage page(
            List<CartItem> items, Optional<Map<String, PricedProduct>> products, Map<String, Money> held) {
        var known = products.orElse(Map.of());
        var now = items.stream().map(item -> item.at(known)).toList();
        var lines = now.stream().map(item -> Line.of(item, known, held)).toList();
        boolean isHeld = lines.stream().anyMatch(line -> !line.held().isEmpty());
        return new CartPage(lines, MoneyText.sum(now), products.isPresent(), isHeld);
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
        if (!Ids.isValid(id)) throw ProblemException.invalid("productId", "must name a product");
        return id;
    }

    private static RestResponse<String> toCart() {
        return RestResponse.seeOther(URI.create("/cart"));
    }
}
