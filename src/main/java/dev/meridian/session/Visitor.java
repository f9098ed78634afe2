package dev.meridian.session;

import jakarta.enterprise.context.RequestScoped;

/// The visitor of the page that is being served, an anonymous customer. Sibling of [CustomerIds]: that one
/// answers for APIs, this one for pages.
@RequestScoped
public class Visitor {
    private String customerId;
    private boolean known;

    /// The customer's id; the same for the same browser, in every Region. It opens the visitor's cart to whoever has
    /// it, so it never belongs into a page.
    public String customerId() {
        if (customerId == null) throw new IllegalStateException("Not a page: @PageEndpoint is missing");
        return customerId;
    }

    /// Whether the browser was here before, so that there may be something of its own to read.
    public boolean isKnown() {
        return known;
    }

    void is(String id, boolean wasHere) {
        customerId = id;
        known = wasHere;
    }
}
