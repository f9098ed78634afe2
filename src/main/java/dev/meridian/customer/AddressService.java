package dev.meridian.customer;

import dev.meridian.shared.ProblemException.FieldError;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What an address has to have, and how its postal code and state are spelled: by its country. One that names
/// no country is in the default country; where its postal code has another form, its country is not known, and
/// postal code and state may be anything.
@ApplicationScoped
public class AddressService {
    /// An address of a request, which has to have what its country asks for.
    @Constraint(validatedBy = AddressValidator.class)
    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    public @interface Postal {
        /// Never shown: each part has a message of its own.
        String message() default "";

        /// Bean Validation groups; unused.
        Class<?>[] groups() default {};

        /// Bean Validation payload; unused.
        Class<? extends Payload>[] payload() default {};
    }

    /// The JSON of an address.
    public interface Given {
        /// The same as an [Address].
        Address toAddress();

        /// What the JSON calls the postal code.
        default String zipName() {
            return "zip";
        }
    }

    private static final Pattern VISIBLE = Pattern.compile("[\\p{L}\\p{N}\\p{P}\\p{S}]");

    private final String countryDefault;

    AddressService(CustomerConfig config) {
        this.countryDefault = AddressFormat.country(config.countryDefault())
                .orElseThrow(() -> new IllegalArgumentException("meridian.customer.country-default: \""
                        + config.countryDefault() + "\" is no ISO 3166-1 alpha-2 code"));
    }

    /// The country of addresses that name none.
    public String countryDefault() {
        return countryDefault;
    }

    /// All countries, by their names.
    public List<Country> countries() {
        return Countries.ALL;
    }

    /// Made when a page first shows them.
    private static final class Countries {
        static final List<Country> ALL = Stream.of(Locale.getISOCountries())
                .map(code -> new Country(code, name(code)))
                .sorted(Comparator.comparing(country -> AddressFormat.folded(country.name())))
                .toList();
    }

    /// The English name of a country.
    public static String name(String code) {
        return Locale.of("", code).getDisplayCountry(Locale.ENGLISH);
    }

    /// The address with its country, its postal code and state as that spells them. What is wrong stays as it
    /// is.
    public Address spelled(Address address) {
        var country = country(address);
        if (country.isEmpty()) return address.in(null, blankToNull(address.state()), blankToNull(address.zip()));
        var format = AddressFormat.of(country.get());
        var state = blankToNull(address.state());
        var zip = blankToNull(address.zip());
        return address.in(
                country.get(),
                state == null ? null : format.state(state).orElse(state),
                zip == null ? null : format.zip(country.get(), zip).orElse(zip));
    }

    /// What is wrong with the address, by the names of its parts; lengths and characters aside.
    public List<FieldError> faults(Address address) {
        var faults = new ArrayList<FieldError>();
        for (var name : List.of("firstName", "lastName", "address1", "city")) {
            var text = address.toMap().get(name);
            if (text != null && !text.isBlank() && !VISIBLE.matcher(text).find())
                faults.add(new FieldError(name, "must have letters or digits"));
        }
        var named = blankToNull(address.country());
        if (named != null && AddressFormat.country(named).isEmpty())
            faults.add(new FieldError("country", "is no country code of two letters"));
        country(address).ifPresent(country -> {
            var format = AddressFormat.of(country);
            var zip = blankToNull(address.zip());
            if (zip == null ? format.asksZip() : format.zip(country, zip).isEmpty())
                faults.add(new FieldError("zip", "invalid " + format.zipName()));
            var state = blankToNull(address.state());
            if (state == null ? format.asksState() : format.state(state).isEmpty())
                faults.add(new FieldError("state", "invalid " + format.stateName()));
        });
        return faults;
    }

    /// Empty when it is not known, or no country at all.
    private Optional<String> country(Address address) {
        var named = blankToNull(address.country());
        if (named != null) return AddressFormat.country(named);
        var zip = blankToNull(address.zip());
        return zip == null
                        || AddressFormat.of(countryDefault)
                                .zip(countryDefault, zip)
                                .isPresent()
                ? Optional.of(countryDefault)
                : Optional.empty();
    }

    private static String blankToNull(String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }
}
