package dev.meridian.web;

import dev.meridian.cart.CartService;
import dev.meridian.checkout.Checkout;
import dev.meridian.checkout.CheckoutService;
import dev.meridian.session.HtmlPage;
import dev.meridian.session.OwnerOnly;
import dev.meridian.session.Visitor;
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
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;

/// The second step of a checkout: the delivery option.
@OwnerOnly
@Path("/checkout/delivery")
@HtmlPage
@Produces(HtmlPage.MEDIA_TYPE)
class DeliveryPagesResource {
    /// The delivery options.
    ///
    /// @param error the message for an invalid choice, else empty
    @CheckedTemplate(defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    record DeliveryPage(Checkout checkout, List<Checkout.Rate> rates, String chosen, String error)
            implements TemplateInstance {}

    private final CartService carts;
    private final CheckoutService checkouts;
    private final Visitor visitor;

    DeliveryPagesResource(CartService carts, CheckoutService checkouts, Visitor visitor) {
        this.carts = carts;
        this.checkouts = checkouts;
        this.visitor = visitor;
    }

    @GET
    @Operation(hidden = true)
    public Uni<RestResponse<Object>> show() {
        return begun(checkouts, visitor.customerId())
                .map(found -> found.filter(checkout -> checkout.address().isPresent())
                        .<RestResponse<Object>>map(checkout -> RestResponse.ok(page(checkout, "")))
                        .orElseGet(() -> RestResponse.seeOther(URI.create("/checkout"))));
    }

    /// The checkout, if there is one.
    static Uni<Optional<Checkout>> begun(CheckoutService checkouts, String customer) {
        return checkouts
                .get(customer)
                .map(Optional::of)
                .onFailure(failure -> failure instanceof ProblemException problem
                        && problem.code().status() == 404)
                .recoverWithItem(Optional.empty());
    }

    private DeliveryPage page(Checkout checkout, String error) {
        var rates = checkouts.rates();
        return new DeliveryPage(
                checkout,
                rates,
                checkout.deliveryOption()
                        .orElse(rates.isEmpty() ? "" : rates.getFirst().token()),
                error);
    }

    /// Creates a new checkout from the cart, so that a visitor who goes back with an emptied cart cannot order
    /// twice.
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<Object>> choose(MultivaluedMap<String, String> sent) {
        var customer = visitor.customerId();
        var token = PageForm.sent(sent, List.of("token")).value("token");
        boolean isRate =
                checkouts.rates().stream().anyMatch(rate -> rate.token().equals(token));
        return begun(checkouts, customer).chain(found -> {
            if (found.flatMap(Checkout::address).isEmpty()) return to("/checkout");
            var checkout = found.orElseThrow();
            if (!isRate) {
                return Uni.createFrom()
                        .item(RestResponse.status(
                                RestResponse.Status.BAD_REQUEST, page(checkout, "Choose one of the ways of delivery")));
            }
            return carts.list(customer, Optional.empty(), Optional.empty())
                    .chain(cart -> cart.items().isEmpty()
                            ? to("/cart")
                            : checkouts
                                    .update(
                                            customer,
                                            CheckoutPagesResource.wanted(cart.items()),
                                            checkout.address(),
                                            Optional.of(token))
                                    .chain(() -> to("/checkout/payment")));
        });
    }

    private static Uni<RestResponse<Object>> to(String path) {
        return Uni.createFrom().item(RestResponse.seeOther(URI.create(path)));
    }
}
