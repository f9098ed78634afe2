package dev.meridian.shared;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.ElementType.RECORD_COMPONENT;
import static java.lang.annotation.ElementType.TYPE_USE;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.ReportAsSingleViolation;
import jakarta.validation.constraints.Pattern;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// An id in a path or a body: 1 to 128 characters of `A-Za-z0-9._:@-`; null is left to `@NotNull`.
@Pattern(regexp = Ids.PATTERN)
@ReportAsSingleViolation
@Constraint(validatedBy = {})
@Target({FIELD, PARAMETER, RECORD_COMPONENT, TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
public @interface ValidId {
    /// What a client reads when it is violated.
    String message() default Ids.RULE;

    /// Bean Validation groups; unused.
    Class<?>[] groups() default {};

    /// Bean Validation payload; unused.
    Class<? extends Payload>[] payload() default {};
}
