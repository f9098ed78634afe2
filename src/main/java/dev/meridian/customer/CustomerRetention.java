package dev.meridian.customer;

import dev.meridian.retention.PersonalData;
import dev.meridian.shared.Page;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The profile. It is erased last, since tickets may be found by its e-mail address only.
@ApplicationScoped
class CustomerRetention implements PersonalData {
    private final CustomerRepository customers;

    CustomerRetention(CustomerRepository customers) {
        this.customers = customers;
    }

    @Override
    public String part() {
        return "profile";
    }

    @Override
    public boolean isLast() {
        return true;
    }

    @Override
    public Uni<List<String>> namesOf(String customerId) {
        return customers
                .find(customerId)
                .map(found -> found.map(Customer::email).stream().toList());
    }

    @Override
    public Uni<Page<Map<String, Object>>> export(Subject customer, Optional<String> after) {
        return customers
                .find(customer.customerId())
                .map(found ->
                        new Page<>(found.stream().map(CustomerRetention::toMap).toList(), Optional.empty()));
    }

    private static Map<String, Object> toMap(Customer customer) {
        var map = new LinkedHashMap<String, Object>();
        map.put("id", customer.id());
        map.put("name", customer.name());
        map.put("email", customer.email());
        map.put("addresses", customer.addresses().stream().map(Address::toMap).toList());
        return map;
    }

    @Override
    public Uni<ErasedPage> erase(Subject customer, Optional<String> after) {
        return customers.delete(customer.customerId()).map(isDeleted -> ErasedPage.all(isDeleted ? 1 : 0));
    }
}
