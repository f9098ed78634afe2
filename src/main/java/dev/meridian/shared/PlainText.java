package dev.meridian.shared;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.ElementType.RECORD_COMPONENT;
import static java.lang.annotation.ElementType.TYPE_USE;

import jakarta.validation.Constraint;
import jakarta.validation.OverridesAttribute;
import jakarta.validation.Payload;
import jakarta.validation.constraints.Pattern;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// One line of text that every store keeps as it is: no control characters and no halves of surrogate pairs; null is
/// left to `@NotNull`.
@Pattern(regexp = PlainText.PATTERN)
@Constraint(validatedBy = {})
@Target({FIELD, PARAMETER, RECORD_COMPONENT, TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
public @interface PlainText {
    /// What such text matches.
    String PATTERN = "[^\\p{Cc}\\p{Cs}]*";

    /// What a client reads when it is violated.
    @OverridesAttribute(constraint = Pattern.class, name = "message")
    String message() default "{jakarta.validation.constraints.Pattern.message}";

    /// Bean Validation groups; unused.
    Class<?>[] groups() default {};

    /// Bean Validation payload; unused.
    Class<? extends Payload>[] payload() default {};
}
