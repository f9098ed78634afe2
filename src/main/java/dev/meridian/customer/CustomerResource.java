package dev.meridian.customer;

import dev.meridian.session.Callers;
import dev.meridian.session.OwnerOnly;
import dev.meridian.shared.PlainText;
import dev.meridian.shared.ValidId;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

@OwnerOnly
@Path("/customers")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Customers", description = "Profiles and addresses.")
class CustomerResource {
    /// The whole profile; a part that is left out is removed.
    @Schema(name = "CustomerRequest")
    record CustomerRequest(
            @Schema(examples = "Nadia Okafor", description = "At most 200 characters.") @Size(max = 200) @PlainText
            String name,

            @Schema(examples = "nadia@example.com") @Email @Size(max = 254) @PlainText
            String email,

            @Schema(description = "At most 10; a checkout starts with the first.")
            List<@NotNull @Valid Address> addresses) {}

    private final CustomerService customers;
    private final AddressService postal;
    private final Callers callers;

    CustomerResource(CustomerService customers, AddressService postal, Callers callers) {
        this.customers = customers;
        this.postal = postal;
        this.callers = callers;
    }

    @PUT
    @Path("/{id}")
    @Operation(
            summary = "Store a customer",
            description = "Replaces what was known. Replaying the same request does no harm.")
    @APIResponse(responseCode = "200", description = "The customer, who was known before.")
    @APIResponse(responseCode = "201", description = "The customer, who is new.")
    @APIResponse(responseCode = "400", description = "Values out of bounds.")
    public Uni<RestResponse<Customer>> put(
            @Parameter(example = "c-81") @PathParam("id") @ValidId String id, @NotNull @Valid CustomerRequest request) {
        var customer =
                new Customer(callers.actingFor(id), request.name(), request.email(), spelled(request.addresses()));
        return customers
                .put(customer)
                .map(created ->
                        RestResponse.status(created ? RestResponse.Status.CREATED : RestResponse.Status.OK, customer));
    }

    private List<Address> spelled(List<Address> addresses) {
        return addresses == null
                ? List.of()
                : addresses.stream().map(postal::spelled).toList();
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "Read a customer")
    @APIResponse(responseCode = "200", description = "The customer.")
    @APIResponse(responseCode = "404", description = "There is no such customer.")
    public Uni<Customer> get(@Parameter(example = "c-81") @PathParam("id") @ValidId String id) {
        return customers.get(callers.readingOf(id));
    }
}
