package dev.meridian.customer;

import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/// A postal address.
///
/// @param firstName 1 to 100 characters
/// @param lastName 1 to 100 characters
/// @param address1 street and number, 1 to 200 characters
/// @param address2 more of it; may be null
/// @param city 1 to 100 characters
/// @param state 1 to 100 characters
/// @param zip 1 to 20 characters
/// @param email where to write to; may be null
public record Address(
        @NotBlank @Size(max = 100) String firstName,
        @NotBlank @Size(max = 100) String lastName,
        @NotBlank @Size(max = 200) String address1,
        @Size(max = 200) String address2,
        @NotBlank @Size(max = 100) String city,
        @NotBlank @Size(max = 100) String state,
        @NotBlank @Size(max = 20) String zip,
        @Email @Size(max = 254) String email) {}
