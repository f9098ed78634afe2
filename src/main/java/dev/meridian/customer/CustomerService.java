package dev.meridian.customer;

import dev.meridian.shared.ProblemException;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/// Customers' profiles and addresses.
@ApplicationScoped
public class CustomerService {
    private final CustomerRepository customers;
    private final CustomerConfig config;

    CustomerService(CustomerRepository customers, CustomerConfig config) {
        this.customers = customers;
        this.config = config;
    }

    /// The customer, if known; strongly consistent within the Region.
    public Uni<Optional<Customer>> find(String customerId) {
        return customers.find(customerId);
    }

    /// @throws ProblemException 404 for an unknown customer
    public Uni<Customer> get(String customerId) {
        return find(customerId)
                .map(found -> found.orElseThrow(() ->
                        new ProblemException(CustomerProblem.UNKNOWN_CUSTOMER, "No customer " + customerId + ".")));
    }

    /// Replaces the customer's profile; idempotent.
    ///
    /// @return whether the customer is new
    /// @throws ProblemException 400 for too many addresses
    public Uni<Boolean> put(Customer customer) {
        if (customer.addresses().size() > config.addressesMax()) {
            throw ProblemException.invalid("addresses", "must not be more than " + config.addressesMax());
        }
        return customers.put(customer).invoke(created -> {
            if (created) Log.infof("customer created customerId=%s", customer.id());
        });
    }
}
