package dev.meridian.web;

import dev.meridian.http.ErrorPages;
import dev.meridian.shared.Problem;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.enterprise.context.ApplicationScoped;

/// Problems as pages.
@ApplicationScoped
class ErrorPage implements ErrorPages {
    /// The page of a problem.
    ///
    /// @param heading the problem, for visitors
    /// @param advice what a visitor can do
    /// @param retry the address to try again; empty when that does not help
    @CheckedTemplate(defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    record Content(int status, String heading, String advice, String detail, String traceId, String retry)
            implements TemplateInstance {}

    /// A path on this host: two slashes would start the name of another host.
    private static final String OWN_PATH = "/(?![/\\\\]).*|/";

    @Override
    public String page(Problem problem, String retry) {
        boolean isOfUse =
                (problem.status() == 503 || problem.status() == 429) && retry != null && retry.matches(OWN_PATH);
        return new Content(
                        problem.status(),
                        heading(problem),
                        advice(problem),
                        problem.status() >= 500 ? "" : problem.detail(),
                        problem.traceId(),
                        isOfUse ? retry : "")
                .render();
    }

    private static String heading(Problem problem) {
        if (problem.type().endsWith(":out-of-stock")) return "Somebody was quicker: it is sold out";
        if (problem.type().endsWith(":too-many-units")) return "That is more than one guest may have";
        if (problem.type().endsWith(":already-adopted")) return "This mysfit has a home already";
        if (problem.type().endsWith(":sign-in-unavailable")) return "Nobody can sign in just now";
        if (problem.type().endsWith(":sign-in-not-finished")) return "You are not signed in yet";
        return switch (problem.status()) {
            case 400 -> "We could not read that request";
            case 401 -> "Please sign in first";
            case 403 -> "That came from somewhere else";
            case 404 -> "There is nothing at this berth";
            case 405 -> "That cannot be done here";
            case 409 -> "Things have changed meanwhile";
            case 413, 414, 431 -> "That is more than we can carry";
            case 429 -> "That was too much at once";
            case 503 -> "We cannot answer just now";
            default -> problem.status() >= 500 ? "Something broke on our side" : "That did not work";
        };
    }

    private static String advice(Problem problem) {
        int status = problem.status();
        if (problem.type().endsWith(":sign-in-unavailable")) {
            return "The service that knows who you are does not answer. Everything else works: you can shop as a guest.";
        }
        return switch (status) {
            case 403 ->
                "To protect your cart we take forms from our own pages only. Open the page here and send it again.";
            case 404 -> "The address may be mistyped, or what was here has sailed.";
            case 409 -> "Nothing was lost. Look at the current state and decide again.";
            case 429 -> "Nothing was done. Wait for the time that it says below, and try again.";
            case 503 -> "One of our stores does not answer. Nothing you had is gone; wait a moment and try again.";
            default ->
                status >= 500
                        ? "It is not your fault, and it is in our log."
                        : "Go back, change what it says below, and try again.";
        };
    }
}
