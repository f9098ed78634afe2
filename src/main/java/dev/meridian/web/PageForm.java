package dev.meridian.web;

import dev.meridian.shared.ProblemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The values of a form and the messages about them. Only the fields of the page are kept, so nothing else can get into
/// a page.
///
/// @param values by field; absent is empty
/// @param errors messages by field
public record PageForm(Map<String, String> values, Map<String, String> errors) {
    private static final int LENGTH_MAX = 4000;

    public PageForm {
        values = new LinkedHashMap<>(values);
        errors = new LinkedHashMap<>(errors);
    }

    /// A form without errors.
    static PageForm of(Map<String, String> values) {
        return new PageForm(values, Map.of());
    }

    /// The fields of a form post.
    static PageForm sent(Map<String, List<String>> form, List<String> fields) {
        var values = new LinkedHashMap<String, String>();
        for (var field : fields) {
            var given = form == null ? null : form.get(field);
            var text = given == null || given.isEmpty() || given.getFirst() == null
                    ? ""
                    : given.getFirst().strip();
            values.put(field, text.length() > LENGTH_MAX ? text.substring(0, LENGTH_MAX) : text);
        }
        return new PageForm(values, Map.of());
    }

    /// The value of the field; empty without one.
    public String value(String field) {
        return values.getOrDefault(field, "");
    }

    /// The value of the field, if it has one.
    Optional<String> given(String field) {
        return Optional.of(value(field)).filter(value -> !value.isEmpty());
    }

    /// The message about the field; empty without one.
    public String error(String field) {
        return errors.getOrDefault(field, "");
    }

    /// Whether there is a message.
    public boolean isWrong() {
        return !errors.isEmpty();
    }

    /// Whether a failure names fields, so that the form shows it, not an error page.
    static boolean isAboutFields(Throwable failure) {
        return failure instanceof ProblemException problem && !problem.errors().isEmpty();
    }

    /// This form with the messages of a service about its fields.
    PageForm with(ProblemException problem) {
        problem.errors().forEach(error -> reject(error.field(), sentence(error.message())));
        return this;
    }

    /// The message with a capital letter.
    static String sentence(String message) {
        return message.substring(0, 1).toUpperCase(Locale.ROOT) + message.substring(1);
    }

    /// Adds a message unless the field has one.
    void reject(String field, String message) {
        errors.putIfAbsent(field, message);
    }

    /// Adds a message unless the value matches the pattern.
    void require(String field, String pattern, String message) {
        if (!value(field).matches(pattern)) reject(field, message);
    }
}
