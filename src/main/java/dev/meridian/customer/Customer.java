package dev.meridian.customer;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// A customer's profile.
///
/// @param id the customer
/// @param name may be null
/// @param email may be null
/// @param addresses the first one is what a checkout starts with; may be empty
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Customer")
public record Customer(
        @Schema(examples = "c-81") String id,
        @Schema(examples = "Nadia Okafor") String name,
        @Schema(examples = "nadia@example.com") String email,
        List<Address> addresses) {
    public Customer {
        addresses = addresses == null ? List.of() : List.copyOf(addresses);
    }
}
