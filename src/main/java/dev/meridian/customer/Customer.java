package dev.meridian.customer;

import java.util.List;

/// A customer's profile.
///
/// @param id the customer
/// @param name may be null
/// @param email may be null
/// @param addresses the first one is what a checkout starts with; may be empty
public record Customer(String id, String name, String email, List<Address> addresses) {
    public Customer {
        addresses = addresses == null ? List.of() : List.copyOf(addresses);
    }
}
