package dev.meridian.web;

import dev.meridian.cart.CartItem;
import dev.meridian.cart.CartService;
import dev.meridian.checkout.CheckoutService;
import dev.meridian.customer.Address;
import dev.meridian.customer.AddressService;
import dev.meridian.customer.Country;
import dev.meridian.customer.Customer;
import dev.meridian.customer.CustomerService;
import dev.meridian.order.NewOrder;
import dev.meridian.session.HtmlPage;
import dev.meridian.session.OwnerOnly;
import dev.meridian.session.Visitor;
import dev.meridian.shared.ProblemException;
import dev.meridian.startup.SampleDataConfig;
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

/// The first step of a checkout: the address. The products come from the cart, never from the form.
///
/// The class is at the root and its methods have the paths: a class at `/checkout` would turn the 405 of the API's
/// `/checkout/{id}` into 404.
@OwnerOnly
@Path("/")
@HtmlPage
@Produces(HtmlPage.MEDIA_TYPE)
class CheckoutPagesResource {
    /// The address form.
    ///
    /// @param lines the number of lines in the cart
    @CheckedTemplate(defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    record CheckoutPage(PageForm form, List<Country> countries, int lines, String subtotal)
            implements TemplateInstance {}

    private static final URI CART = URI.create("/cart");

    private final CartService carts;
    private final CheckoutService checkouts;
    private final CustomerService customers;
    private final AddressService addresses;
    private final Visitor visitor;
    private final SampleDataConfig samples;

    CheckoutPagesResource(
            CartService carts,
            CheckoutService checkouts,
            CustomerService customers,
            AddressService addresses,
            Visitor visitor,
            SampleDataConfig samples) {
        this.samples = samples;
        this.carts = carts;
        this.checkouts = checkouts;
        this.customers = customers;
        this.addresses = addresses;
        this.visitor = visitor;
    }

    @GET
    @Path("/checkout")
    @Operation(hidden = true)
    public Uni<RestResponse<Object>> show() {
        var customer = visitor.customerId();
        return lines(customer).chain(lines -> {
            if (lines.isEmpty()) return Uni.createFrom().item(RestResponse.seeOther(CART));
            return knownAddress(customer)
                    .chain(known -> page(CheckoutForm.first(known, addresses, samples.enabled()), lines))
                    .map(RestResponse::ok);
        });
    }

    /// The address of the last checkout, else that of the profile.
    private Uni<Optional<Address>> knownAddress(String customer) {
        return checkouts
                .get(customer)
                .map(dev.meridian.checkout.Checkout::address)
                .onFailure(failure -> failure instanceof ProblemException problem && !problem.isUnavailable())
                .recoverWithItem(Optional.empty())
                .chain(address -> address.isPresent()
                        ? Uni.createFrom().item(address)
                        : customers
                                .find(customer)
                                .map(profile -> profile.map(Customer::addresses)
                                        .flatMap(addresses -> addresses.stream().findFirst())));
    }

    @POST
    @Path("/checkout")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<Object>> address(MultivaluedMap<String, String> sent) {
        var customer = visitor.customerId();
        var form = CheckoutForm.checkAddress(PageForm.sent(sent, CheckoutForm.ADDRESS), addresses);
        return lines(customer).chain(lines -> {
            if (lines.isEmpty()) return Uni.createFrom().item(RestResponse.seeOther(CART));
            if (form.isWrong()) {
                return page(form, lines).map(page -> RestResponse.status(RestResponse.Status.BAD_REQUEST, page));
            }
            return checkouts
                    .update(
                            customer,
                            wanted(lines),
                            Optional.of(addresses.spelled(CheckoutForm.address(form))),
                            Optional.empty())
                    .map(_ -> RestResponse.seeOther(URI.create("/checkout/delivery")));
        });
    }

    private Uni<List<CartItem>> lines(String customer) {
        return carts.list(customer, Optional.empty(), Optional.empty()).map(page -> page.items());
    }

    static List<NewOrder.Line> wanted(List<CartItem> lines) {
        return lines.stream()
                .map(line -> new NewOrder.Line(line.itemId(), line.quantity()))
                .toList();
    }

    private Uni<Object> page(PageForm form, List<CartItem> lines) {
        return carts.atPricesNow(lines)
                .map(now -> new CheckoutPage(form, addresses.countries(), now.size(), MoneyText.sum(now)));
    }
}
