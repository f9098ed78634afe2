package dev.meridian.customer;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/// Customers' profiles and addresses.
@ApplicationScoped
public class CustomerService {
    /// The customer, if known.
    public Uni<Optional<Customer>> find(String customerId) {
        return Uni.createFrom().item(Optional.empty());
    }
}
