package dev.meridian.order;

import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/// Where an order goes.
///
/// @param firstName 1 to 100 characters
/// @param lastName 1 to 100 characters
/// @param email where the customer is written to
/// @param address1 street and number, 1 to 200 characters
/// @param address2 more of it; may be null
/// @param city 1 to 100 characters
/// @param zipCode 1 to 20 characters
/// @param state 1 to 100 characters
public record ShippingAddress(
        @NotBlank @Size(max = 100) String firstName,
        @NotBlank @Size(max = 100) String lastName,
        @NotBlank @Email @Size(max = 254) String email,
        @NotBlank @Size(max = 200) String address1,
        @Size(max = 200) String address2,
        @NotBlank @Size(max = 100) String city,
        @NotBlank @Size(max = 20) String zipCode,
        @NotBlank @Size(max = 100) String state) {}
