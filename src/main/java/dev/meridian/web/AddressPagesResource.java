package dev.meridian.web;

import dev.meridian.customer.Address;
import dev.meridian.customer.AddressService;
import dev.meridian.customer.Country;
import dev.meridian.customer.Customer;
import dev.meridian.customer.CustomerService;
import dev.meridian.session.HtmlPage;
import dev.meridian.session.OwnerOnly;
import dev.meridian.session.Visitor;
import dev.meridian.shared.Ids;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;

/// The addresses that a customer keeps; the first one is what a checkout starts with.
@OwnerOnly
@Path("/addresses")
@HtmlPage
@Produces(HtmlPage.MEDIA_TYPE)
class AddressPagesResource {
    /// The page.
    @CheckedTemplate(defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    record AddressesPage(List<Row> rows, PageForm form, List<Country> countries) implements TemplateInstance {}

    /// One address.
    ///
    /// @param key names it in a form: the same address has the same
    public record Row(String key, String name, String street, String place) {
        static Row of(Address address) {
            return new Row(
                    keyOf(address),
                    joined(address.firstName(), address.lastName()),
                    joined(address.address1(), address.address2()),
                    joined(address.city(), address.state(), address.zip(), address.country()));
        }

        private static String joined(String... parts) {
            return Stream.of(parts)
                    .filter(part -> part != null && !part.isEmpty())
                    .collect(Collectors.joining(" "));
        }
    }

    private static final URI HERE = URI.create("/addresses");

    private final CustomerService customers;
    private final AddressService addresses;
    private final Visitor visitor;

    AddressPagesResource(CustomerService customers, AddressService addresses, Visitor visitor) {
        this.customers = customers;
        this.addresses = addresses;
        this.visitor = visitor;
    }

    private static String keyOf(Address address) {
        return Ids.deriveShort(address.toMap().toString());
    }

    @GET
    @Operation(hidden = true)
    public Uni<AddressesPage> show() {
        return page(CheckoutForm.first(Optional.empty(), addresses, false));
    }

    /// Puts an address first. Sent again it changes nothing.
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<Object>> add(MultivaluedMap<String, String> sent) {
        var form = CheckoutForm.checkAddress(PageForm.sent(sent, CheckoutForm.ADDRESS), addresses);
        if (form.isWrong()) return refused(form);
        var address = addresses.spelled(CheckoutForm.address(form));
        return profile()
                .chain(profile -> {
                    var kept = new ArrayList<>(without(profile, keyOf(address)));
                    kept.addFirst(address);
                    return save(profile, kept);
                })
                .onFailure(PageForm::isAboutFields)
                .recoverWithUni(failure -> {
                    form.reject("firstName", "These are too many addresses: remove one first");
                    return refused(form);
                });
    }

    @POST
    @Path("/remove")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<Object>> remove(MultivaluedMap<String, String> sent) {
        var key = PageForm.sent(sent, List.of("key")).value("key");
        return profile().chain(profile -> save(profile, without(profile, key)));
    }

    private static List<Address> without(Customer profile, String key) {
        return profile.addresses().stream()
                .filter(address -> !keyOf(address).equals(key))
                .toList();
    }

    private Uni<RestResponse<Object>> save(Customer profile, List<Address> addresses) {
        return customers
                .put(new Customer(profile.id(), profile.name(), profile.email(), addresses))
                .map(_ -> RestResponse.seeOther(HERE));
    }

    private Uni<Customer> profile() {
        var id = visitor.customerId();
        Uni<Optional<Customer>> found =
                visitor.isKnown() ? customers.find(id) : Uni.createFrom().item(Optional.empty());
        return found.map(profile -> profile.orElseGet(() -> new Customer(id, null, null, List.of())));
    }

    private Uni<RestResponse<Object>> refused(PageForm form) {
        return page(form).map(page -> RestResponse.status(RestResponse.Status.BAD_REQUEST, page));
    }

    private Uni<AddressesPage> page(PageForm form) {
        return profile()
                .map(profile -> new AddressesPage(
                        profile.addresses().stream().map(Row::of).toList(), form, addresses.countries()));
    }
}
