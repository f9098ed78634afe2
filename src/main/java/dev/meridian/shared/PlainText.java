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

/// One line of text that every store keeps as it is: no control characters and no halves of surrogate
/// pairs, and not of characters alone that nobody sees, such as U+200B. Null is left to `@NotNull`, and
/// blanks to `@NotBlank`.
@Pattern(regexp = PlainText.PATTERN)
@Constraint(validatedBy = {})
@Target({FIELD, PARAMETER, RECORD_COMPONENT, TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
public @interface PlainText {
    /// What such text matches.
    String PATTERN = " *+|[\\p{Z}\\p{Cf}\\p{Co}\\p{Cn}]*+[^\\p{Z}\\p{C}][^\\p{Cc}\\p{Cs}]*+";

    /// What a client reads when it is violated.
    @OverridesAttribute(constraint = Pattern.class, name = "message")
    String message() default "must be one line of text that can be seen";

    /// Bean Validation groups; unused.
    Class<?>[] groups() default {};

    /// Bean Validation payload; unused.
    Class<? extends Payload>[] payload() default {};
}
