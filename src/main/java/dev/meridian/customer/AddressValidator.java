package dev.meridian.customer;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;

/// Names the parts of an address of a request that its country does not know.
@ApplicationScoped
class AddressValidator implements ConstraintValidator<AddressService.Postal, AddressService.Given> {
    private final AddressService addresses;

    AddressValidator(AddressService addresses) {
        this.addresses = addresses;
    }

    @Override
    public boolean isValid(AddressService.Given given, ConstraintValidatorContext context) {
        if (given == null) return true;
        var faults = addresses.faults(given.toAddress());
        context.disableDefaultConstraintViolation();
        for (var fault : faults) {
            var name = fault.field().equals("zip") ? given.zipName() : fault.field();
            context.buildConstraintViolationWithTemplate(fault.message())
                    .addPropertyNode(name)
                    .addConstraintViolation();
        }
        return faults.isEmpty();
    }
}
