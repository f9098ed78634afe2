package dev.meridian.infra;

/// A mistake in a template.
///
/// @param rule the check that found it, `alarm-actions`
/// @param stack the id of the stack
/// @param resource the logical id, or an empty string for the stack as a whole
/// @param text what is wrong, in a sentence
record Finding(String rule, String stack, String resource, String text) {
    @Override
    public String toString() {
        return rule + " " + stack + "/" + resource + ": " + text;
    }
}
