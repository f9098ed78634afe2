package dev.meridian.web;

import dev.meridian.cart.CartService;
import dev.meridian.checkout.Checkout;
import dev.meridian.checkout.CheckoutService;
import dev.meridian.order.Order;
import dev.meridian.session.HtmlPage;
import dev.meridian.session.OwnerOnly;
import dev.meridian.session.Visitor;
import dev.meridian.shared.Money;
import dev.meridian.shared.ProblemException;
import io.quarkus.logging.Log;
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
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;

/// The last step of a checkout. Where a script runs, the browser sends a token in place of the card. Card fields that
/// are sent are only validated: they are never stored, logged or shown again.
@OwnerOnly
@Path("/checkout/payment")
@HtmlPage
@Produces(HtmlPage.MEDIA_TYPE)
class PaymentPagesResource {
    /// The card form and what is about to be ordered.
    ///
    /// @param fields those of the card
    /// @param shipping the price of delivery
    /// @param formerTotal what the visitor saw before a price changed; empty when none did
    @CheckedTemplate(defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    record PaymentPage(
            PageForm form, List<CardField> fields, Checkout checkout, Money shipping, Money tax, String formerTotal)
            implements TemplateInstance {}

    private final CartService carts;
    private final CheckoutService checkouts;
    private final Visitor visitor;

    PaymentPagesResource(CartService carts, CheckoutService checkouts, Visitor visitor) {
        this.carts = carts;
        this.checkouts = checkouts;
        this.visitor = visitor;
    }

    @GET
    @Operation(hidden = true)
    public Uni<RestResponse<Object>> show() {
        return DeliveryPagesResource.begun(checkouts, visitor.customerId())
                .map(found -> found.filter(PaymentPagesResource::isComplete)
                        .<RestResponse<Object>>map(checkout ->
                                RestResponse.ok(page(PageForm.of(Map.of("checkout", checkout.id())), checkout)))
                        .orElseGet(() -> RestResponse.seeOther(URI.create("/checkout/delivery"))));
    }

    private static boolean isComplete(Checkout checkout) {
        return !checkout.lines().isEmpty() && checkout.shipping().isPresent();
    }

    private static PaymentPage page(PageForm form, Checkout checkout) {
        return new PaymentPage(
                form,
                CardField.ALL,
                checkout,
                checkout.shipping().orElse(Money.ZERO),
                checkout.tax().orElse(Money.ZERO),
                checkout.formerTotal().map(MoneyText::text).orElse(""));
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<Object>> pay(MultivaluedMap<String, String> sent) {
        var customer = visitor.customerId();
        var form = CheckoutForm.checkCard(PageForm.sent(sent, CheckoutForm.CARD));
        return DeliveryPagesResource.begun(checkouts, customer).chain(found -> {
            if (found.filter(PaymentPagesResource::isComplete).isEmpty()) return to("/checkout/delivery");
            var checkout = found.orElseThrow();
            if (isOutdated(form, checkout)) return to("/checkout/payment");
            if (form.isWrong()) {
                return Uni.createFrom()
                        .item(RestResponse.status(RestResponse.Status.BAD_REQUEST, page(form, checkout)));
            }
            return checkouts
                    .submit(checkout)
                    .chain(outcome -> outcome.order()
                            .map(order -> emptied(checkout, order).chain(() -> to("/orders/" + order.id())))
                            .orElseGet(() -> to("/checkout/payment")));
        });
    }

    /// Whether the form shows a different checkout from the one that would be ordered; then the visitor must
    /// see that one first. API clients may omit the field.
    private static boolean isOutdated(PageForm form, Checkout checkout) {
        var drawn = form.value("checkout");
        return !drawn.isEmpty() && !drawn.equals(checkout.id());
    }

    /// Takes what was ordered out of the cart, once for each checkout: what another tab or device added stays. If
    /// the first attempt fails halfway, the next submit does the rest. The order is valid either way.
    private Uni<Void> emptied(Checkout checkout, Order order) {
        if (order.status() == Order.Status.REJECTED || checkout.cartEmptied())
            return Uni.createFrom().voidItem();
        var customer = checkout.customerId();
        var ordered =
                checkout.lines().stream().collect(Collectors.toMap(Checkout.Line::productId, Checkout.Line::quantity));
        return carts.take(customer, ordered, checkout.id())
                .chain(() -> checkouts.cartEmptied(customer, checkout.id()))
                .onFailure(ProblemException.class)
                .recoverWithUni(failure -> {
                    Log.warnf("the cart is not emptied yet orderId=%s: %s", order.id(), failure.getMessage());
                    return Uni.createFrom().voidItem();
                });
    }

    private static Uni<RestResponse<Object>> to(String path) {
        return Uni.createFrom().item(RestResponse.seeOther(URI.create(path)));
    }
}
