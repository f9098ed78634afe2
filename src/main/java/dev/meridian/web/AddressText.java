package dev.meridian.web;

import dev.meridian.customer.Address;
import dev.meridian.customer.AddressService;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How pages write an address.
final class AddressText {
    private AddressText() {}

    /// Its lines, without what it lacks: `Port Isle, ME 04521`.
    static List<String> lines(Address address) {
        var place = joined(", ", address.city(), address.state());
        return Stream.of(
                        joined(" ", address.firstName(), address.lastName()),
                        address.address1(),
                        address.address2(),
                        joined(" ", place, address.zip()),
                        address.country() == null ? null : AddressService.name(address.country()),
                        address.email())
                .filter(Objects::nonNull)
                .toList();
    }

    private static String joined(String separator, String... parts) {
        return Stream.of(parts).filter(Objects::nonNull).collect(Collectors.joining(separator));
    }
}
